"""Steady step time: one training step once everything is warm.

Scale: 10 s to 10 us, logarithmic. Nobody iterates on a model whose single step takes more than 10 s; 10 us is less than
the cost of dispatching a step from Python in any framework, so nothing of use lies beyond it.
"""

from __future__ import annotations

from paragone.choose.criteria.base import Kind, RunEvidence
from paragone.choose.scale import Scale
from paragone.records import Interval, Side


def _read(evidence: RunEvidence, side: Side) -> Interval | None:
    contender = evidence.contender(side)
    return contender.step_s if contender else None


CRITERION = Kind(
    id="step-time",
    label="Steady step time",
    scale=Scale(worst=10.0, best=1e-5, unit="s", log=True),
    least=1.02,
    evidence="timed: the steady step over sets of fresh processes",
    read=_read,
    absent="not every side was timed",
    quantity="step",
    is_time=True,
)
