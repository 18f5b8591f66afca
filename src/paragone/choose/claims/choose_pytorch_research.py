"""Choose PyTorch for research projects.

A run's own choice for the profile `research` decides, together with what `research` rests on.
"""

from __future__ import annotations

from collections.abc import Iterator

from paragone.choose.claims import research
from paragone.choose.evidence import Evidence
from paragone.choose.judge.choices import chosen
from paragone.choose.judge.pairs import TORCH
from paragone.choose.judge.settle import Kind
from paragone.records.claim import Finding


def look(evidence: Evidence) -> Iterator[Finding]:
    """What is chosen for the profile, and what research rests on."""
    yield from chosen(evidence, TORCH, "research")
    yield from research.look(evidence)


CLAIM = Kind(
    id="choose-pytorch-research",
    claim="choose PyTorch for research projects",
    decides="what is chosen for the profile research, and what decides research",
    look=look,
    verdicts=research.CLAIM.verdicts,
    needs_run=research.CLAIM.needs_run,
    proxies=research.CLAIM.proxies,
    missing=research.CLAIM.missing,
)
