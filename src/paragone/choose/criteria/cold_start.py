"""Cold start: all that happens from starting the process to the end of the first training step.

It is the sum of the phases (start, import, build, compile, first step). Scale: 300 s to 0.3 s, logarithmic. Five
minutes of waiting before anything is learned ends interactive work; below 0.3 s nobody notices that a program starts.
"""

from __future__ import annotations

from paragone.choose.criteria.base import Kind, RunEvidence, exactly
from paragone.choose.scale import Scale, interval_over
from paragone.records import Interval, Phases, Side


def _sum(phases: Phases) -> float:
    return phases.start + phases.import_ + phases.build + phases.compile + phases.first_step


def _read(evidence: RunEvidence, side: Side) -> Interval | None:
    contender = evidence.contender(side)
    if contender is None:
        return None
    if not contender.sets and contender.phases_s:  # a record without raw samples: its ratios hold the intervals
        return exactly(_sum(contender.phases_s))
    return interval_over([_sum(one.phases_s) for one in contender.sets], log=True)


CRITERION = Kind(
    id="cold-start",
    label="Cold start",
    scale=Scale(worst=300.0, best=0.3, unit="s", log=True),
    least=1.05,
    evidence="timed: the sum of the phases of each fresh process",
    read=_read,
    absent="it needs at least two timed processes of every side",
    quantity="cold start",
    is_time=True,
)
