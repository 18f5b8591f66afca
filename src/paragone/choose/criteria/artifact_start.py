"""Start of the deployed model: from the start of its process to its first answer, in the best of the profile's targets.

Scale: 60 s to 10 ms, logarithmic. A service that needs a minute to start cannot grow with its load; 10 ms are less than
an empty Python needs. Its interval is that of the mean over the processes that started it.
"""

from __future__ import annotations

from paragone.choose.criteria.base import Kind, RunEvidence
from paragone.choose.scale import Scale
from paragone.choose.spread import START, best
from paragone.records import Interval, Side


def _read(evidence: RunEvidence, side: Side) -> Interval | None:
    return best(evidence, side, START)


CRITERION = Kind(
    id="artifact-start",
    label="Start of the deployed model",
    scale=Scale(worst=60.0, best=0.01, unit="s", log=True),
    least=1.05,
    evidence="timed: from the start of the process to its first answer, in the target that starts soonest",
    read=_read,
    absent="the start of no artifact that came through was timed",
)
