"""Start of the deployed model: from the start of its process to its first answer, in the best of the profile's targets.

Scale: 60 s to 10 ms, logarithmic. A service that needs a minute to start cannot grow with its load; 10 ms are less than
an empty Python needs. It was timed once, and so is taken with 5 % more or
less: less than about 9 % does not tell two sides apart.
"""

from __future__ import annotations

from paragone.choose.criteria.base import Kind, RunEvidence, once
from paragone.choose.scale import Scale
from paragone.records import Interval, Side


def _read(evidence: RunEvidence, side: Side) -> Interval | None:
    found = [one.cold_start_s for one in evidence.arrived(side) if one.cold_start_s]
    return once(min(found)) if found else None


CRITERION = Kind(
    id="artifact-start",
    label="Start of the deployed model",
    scale=Scale(worst=60.0, best=0.01, unit="s", log=True),
    least=1.05,
    evidence="timed: from the start of the process to its first answer, in the target that starts soonest",
    read=_read,
    absent="the start of no artifact that came through was timed",
)
