"""Both need about the same memory.

What is compared is the kernel's high-water mark of the whole process, framework included: that is what a container is
billed for. "About the same" is taken as within 10 % either way, with the whole interval inside, as for the speed: a
smaller difference disappears in the steps in which memory is sold.
"""

from __future__ import annotations

from collections.abc import Iterator

from paragone.choose.claims.training_speed import NEAR
from paragone.choose.evidence import Evidence
from paragone.choose.judge.ratios import compared, near
from paragone.choose.judge.settle import Kind
from paragone.records.claim import Finding


def look(evidence: Evidence) -> Iterator[Finding]:
    """The peak of memory on every track."""
    yield from compared(evidence, "peak memory", near(NEAR))


CLAIM = Kind(
    id="memory",
    claim="both need about the same memory",
    decides="the peak of memory in training, TensorFlow over PyTorch, with its interval: within 10 % either way",
    look=look,
    verdicts=frozenset({"holds", "holds in part", "does not hold", "no evidence yet"}),
    needs_run=True,
)
