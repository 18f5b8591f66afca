"""Choose PyTorch for rapid prototyping.

A run's own choice for the profile `prototyping` decides, together with the proxies of `prototyping`.
"""

from __future__ import annotations

from collections.abc import Iterator

from paragone.choose.claims import prototyping
from paragone.choose.evidence import Evidence
from paragone.choose.judge.choices import chosen
from paragone.choose.judge.pairs import TORCH
from paragone.choose.judge.settle import Kind
from paragone.records.claim import Finding


def look(evidence: Evidence) -> Iterator[Finding]:
    """What is chosen for the profile, and what prototyping rests on."""
    yield from chosen(evidence, TORCH, "prototyping")
    yield from prototyping.look(evidence)


CLAIM = Kind(
    id="choose-pytorch-prototyping",
    claim="choose PyTorch for rapid prototyping",
    decides="what is chosen for the profile prototyping, and what decides prototyping",
    look=look,
    verdicts=prototyping.CLAIM.verdicts,
    needs_run=prototyping.CLAIM.needs_run,
    proxies=prototyping.CLAIM.proxies,
    missing=prototyping.CLAIM.missing,
)
