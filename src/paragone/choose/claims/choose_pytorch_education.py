"""Choose PyTorch for education.

A run's own choice for the profile `education` decides, together with the proxies of `pytorch-easier`.
"""

from __future__ import annotations

from collections.abc import Iterator

from paragone.choose.claims import pytorch_easier
from paragone.choose.evidence import Evidence
from paragone.choose.judge.choices import chosen
from paragone.choose.judge.pairs import TORCH
from paragone.choose.judge.settle import Kind
from paragone.records.claim import Finding


def look(evidence: Evidence) -> Iterator[Finding]:
    """What is chosen for education, and the proxies of how easy it is."""
    yield from chosen(evidence, TORCH, "education")
    yield from pytorch_easier.look(evidence)


CLAIM = Kind(
    id="choose-pytorch-education",
    claim="choose PyTorch for education",
    decides="what is chosen for the profile education, and the proxies of pytorch-easier",
    look=look,
    verdicts=pytorch_easier.CLAIM.verdicts,
    needs_run=True,
    proxies=True,
    missing=pytorch_easier.CLAIM.missing,
)
