"""Both use a GPU excellently.

Sides are run on the processor here, so there is nothing to judge it by; times that others took on a GPU say how fast
something was, and not how much of the GPU was used.
"""

from __future__ import annotations

from collections.abc import Iterator

from paragone.choose.evidence import Evidence
from paragone.choose.judge.said import beside
from paragone.choose.judge.settle import Kind
from paragone.records.claim import Finding


def look(evidence: Evidence) -> Iterator[Finding]:
    """What others measured on a GPU, beside."""
    yield from beside(evidence, "speed/keras-benchmark-of-2024")


CLAIM = Kind(
    id="gpu-utilisation",
    claim="both use a GPU excellently",
    decides="the share of a GPU's best matrix product that a training step reaches, in each of them",
    look=look,
    verdicts=frozenset({"not testable here"}),
    missing=("a GPU on which sides are run, while Paragone runs them on the processor",),
)
