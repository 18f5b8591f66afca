"""Choose TensorFlow for applications that put production first.

A run's own choice for the profile `production` decides, together with what `production` rests on.
"""

from __future__ import annotations

from collections.abc import Iterator

from paragone.choose.claims import production
from paragone.choose.evidence import Evidence
from paragone.choose.judge.choices import chosen
from paragone.choose.judge.pairs import TENSORFLOW
from paragone.choose.judge.settle import Kind
from paragone.records.claim import Finding


def look(evidence: Evidence) -> Iterator[Finding]:
    """What is chosen for the profile, and what production rests on."""
    yield from chosen(evidence, TENSORFLOW, "production")
    yield from production.look(evidence)


CLAIM = Kind(
    id="choose-tensorflow-production",
    claim="choose TensorFlow for applications that put production first",
    decides="what is chosen for the profile production, and what decides production",
    look=look,
    verdicts=production.CLAIM.verdicts,
    needs_run=production.CLAIM.needs_run,
    proxies=production.CLAIM.proxies,
    missing=production.CLAIM.missing,
    to_run=production.CLAIM.to_run,
)
