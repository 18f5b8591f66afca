"""Choose TensorFlow for mobile and edge.

A run's own choice for a profile of phones, edge devices or microcontrollers decides, together with what `mobile-edge`
rests on.
"""

from __future__ import annotations

from collections.abc import Iterator

from paragone.choose.claims import mobile_edge
from paragone.choose.evidence import Evidence
from paragone.choose.judge.choices import chosen
from paragone.choose.judge.pairs import TENSORFLOW
from paragone.choose.judge.settle import Kind
from paragone.records.claim import Finding


def look(evidence: Evidence) -> Iterator[Finding]:
    """What is chosen for the profile, and what mobile-edge rests on."""
    yield from chosen(evidence, TENSORFLOW, "phone-edge", "microcontroller")
    yield from mobile_edge.look(evidence)


CLAIM = Kind(
    id="choose-tensorflow-mobile-edge",
    claim="choose TensorFlow for mobile and edge",
    decides="what is chosen for the profile phone-edge or microcontroller, and what decides mobile-edge",
    look=look,
    verdicts=mobile_edge.CLAIM.verdicts,
    needs_run=mobile_edge.CLAIM.needs_run,
    proxies=mobile_edge.CLAIM.proxies,
    missing=mobile_edge.CLAIM.missing,
)
