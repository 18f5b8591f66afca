"""The choice is about ecosystem and taste, not about performance.

It holds where the time of a step, the peak of memory and the start are all within 10 % either way: then nothing that
was measured could decide. Each that certainly differs by more speaks against it.
"""

from __future__ import annotations

from collections.abc import Iterator

from paragone.choose.claims.training_speed import NEAR
from paragone.choose.evidence import Evidence
from paragone.choose.judge.ratios import compared, near
from paragone.choose.judge.settle import Kind
from paragone.records.claim import Finding


def look(evidence: Evidence) -> Iterator[Finding]:
    """Steps, memory and starts."""
    for quantity in ("step", "peak memory", "cold start"):
        yield from compared(evidence, quantity, near(NEAR))


CLAIM = Kind(
    id="not-performance",
    claim="the choice is about ecosystem and taste, not about performance",
    decides="whether the time of a step, the peak of memory and the start are all within 10 % either way",
    look=look,
    verdicts=frozenset({"holds", "holds in part", "does not hold", "no evidence yet"}),
    needs_run=True,
)
