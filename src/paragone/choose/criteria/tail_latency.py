"""Tail latency: seconds that one request in a hundred takes longer than, in the best of the profile's targets.

Scale: 10 s to 1 us, logarithmic: ten times the worst median of the criterion `latency`, and the same best. Their
interval is that of the mean over the processes that were timed; it is wide, so give it a small weight.
"""

from __future__ import annotations

from paragone.choose.criteria.base import Kind, RunEvidence
from paragone.choose.scale import Scale
from paragone.choose.spread import TAIL, best
from paragone.records import Interval, Side


def _read(evidence: RunEvidence, side: Side) -> Interval | None:
    return best(evidence, side, TAIL)


CRITERION = Kind(
    id="tail-latency",
    label="Tail latency",
    scale=Scale(worst=10.0, best=1e-6, unit="s", log=True),
    least=1.05,
    evidence="timed: the 99th percentile of single requests, in the best target that the side came to",
    read=_read,
    absent="no artifact that came through was timed",
)
