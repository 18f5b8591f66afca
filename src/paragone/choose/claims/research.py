"""Researchers prefer PyTorch.

Counts of papers and of code decide. What a promoter says of itself, and a count that is older than five years, make the
claim hold in part and no more.
"""

from __future__ import annotations

from collections.abc import Iterator

from paragone.choose.evidence import Evidence
from paragone.choose.judge.said import Value, beside, said, yes
from paragone.choose.judge.settle import Kind
from paragone.records.claim import Finding


def most(value: Value) -> bool:
    """More than half, in per cent."""
    return isinstance(value, int | float) and value > 50


def look(evidence: Evidence) -> Iterator[Finding]:
    """Papers, and what is implemented; how far such counts reach stands beside."""
    yield from said(evidence, "research/papers-of-2019", yes)
    yield from said(evidence, "research/implementations-of-2024", most)
    yield from beside(evidence, "research/model-training-of-2024", "research/papers-that-name-one")
    yield from beside(evidence, "ecosystem/transformers-with-tensorflow")


CLAIM = Kind(
    id="research",
    claim="researchers prefer PyTorch",
    decides="counts of papers and implementations; a promoter's own, or one older than five years, for a part only",
    look=look,
    verdicts=frozenset({"holds", "holds in part", "does not hold", "no evidence yet"}),
)
