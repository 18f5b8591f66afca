"""Test accuracy of the side as written, over seeds.

Scale: 0 to 1, linear, the natural ends: no answer right, every answer right. The interval is over seeds on one test
set, so it says nothing about other data. A task without classes has no accuracy; its loss has no fixed scale, and is
used by the constraint `loss_within` only.
"""

from __future__ import annotations

from paragone.choose.criteria.base import Kind, RunEvidence
from paragone.choose.scale import Scale, interval_over
from paragone.records import Interval, Side


def _read(evidence: RunEvidence, side: Side) -> Interval | None:
    outcome = evidence.outcome(side)
    over = interval_over(outcome.accuracy, log=False) if outcome else None
    return over.model_copy(update={"low": max(0.0, over.low), "high": min(1.0, over.high)}) if over else None


CRITERION = Kind(
    id="accuracy",
    label="Accuracy over seeds",
    scale=Scale(worst=0.0, best=1.0, unit="share", log=False),
    least=0.002,
    evidence="learned: test accuracy of the side as written, over seeds",
    read=_read,
    absent="it needs the accuracy of every side over at least two seeds",
)
