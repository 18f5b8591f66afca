"""Latency: seconds of a single request to the artifact, median, in the fastest target that it came to.

Scale: 1 s to 1 us, logarithmic. Nobody waits for more than 1 s for each answer of an interactive service; 1 us is less
than the call of a function of the runtime costs. Its interval is that of the mean over the processes that were timed.
"""

from __future__ import annotations

from paragone.choose.criteria.base import Kind, RunEvidence
from paragone.choose.scale import Scale
from paragone.choose.spread import MEDIAN, best
from paragone.records import Interval, Side


def _read(evidence: RunEvidence, side: Side) -> Interval | None:
    return best(evidence, side, MEDIAN)


CRITERION = Kind(
    id="latency",
    label="Latency of a single request",
    scale=Scale(worst=1.0, best=1e-6, unit="s", log=True),
    least=1.05,
    evidence="timed: the median of single requests, in the fastest target that the side came to",
    read=_read,
    absent="no artifact that came through was timed",
)
