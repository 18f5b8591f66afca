"""Current versions of both train at nearly the same speed.

"Nearly the same" is taken as within 10 % either way, with the whole interval of the ratio inside: a tenth of the bill
for a machine is where somebody may begin to care, and below it other reasons weigh more. Where all of the interval is
outside the claim does not hold; a ratio with an end of its interval on either side decides nothing. Benchmarks of
others are told beside.
"""

from __future__ import annotations

from collections.abc import Iterator

from paragone.choose.evidence import Evidence
from paragone.choose.judge.ratios import compared, near
from paragone.choose.judge.said import beside
from paragone.choose.judge.settle import Kind
from paragone.records.claim import Finding

NEAR = 0.10


def look(evidence: Evidence) -> Iterator[Finding]:
    """The time of a step on every track; what the Keras project measured stands beside."""
    yield from compared(evidence, "step", near(NEAR))
    yield from beside(evidence, "speed/keras-benchmark-of-2024")


CLAIM = Kind(
    id="training-speed",
    claim="current versions of both train at nearly the same speed",
    decides="the time of a training step, TensorFlow over PyTorch, with its interval: within 10 % either way",
    look=look,
    verdicts=frozenset({"holds", "holds in part", "does not hold", "no evidence yet"}),
    needs_run=True,
)
