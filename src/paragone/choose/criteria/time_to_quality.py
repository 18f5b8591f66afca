"""Time to quality: seconds of training until the test set is done well enough, over processes with seeds of their own.

Scale: one day to 0.1 s, logarithmic. What takes more than a day is no experiment any more; 0.1 s is at once.
"""

from __future__ import annotations

from paragone.choose.criteria.base import Kind, RunEvidence
from paragone.choose.scale import Scale
from paragone.records import Interval, Side


def _read(evidence: RunEvidence, side: Side) -> Interval | None:
    contender = evidence.contender(side)
    return contender.quality.train_s if contender and contender.quality else None


CRITERION = Kind(
    id="time-to-quality",
    label="Time to quality",
    scale=Scale(worst=86_400.0, best=0.1, unit="s", log=True),
    least=1.02,
    evidence="timed: training until the goal, compilation included",
    read=_read,
    absent="no time to a goal was measured (`--until`), or not every process reached it",
    quantity="time to quality",
    is_time=True,
)
