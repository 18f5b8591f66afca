"""Tail latency: seconds that one request in a hundred takes longer than, in the best of the profile's targets.

Scale: 10 s to 1 us, logarithmic: ten times the worst median of the criterion `latency`, and the same best. They are
those of one process, and so are taken with 5 % more or less, which is little for a tail: give it a small weight.
"""

from __future__ import annotations

from paragone.choose.criteria.base import Kind, RunEvidence, once
from paragone.choose.scale import Scale
from paragone.records import Interval, Side


def _read(evidence: RunEvidence, side: Side) -> Interval | None:
    found = [one.latency_s.p99 for one in evidence.arrived(side) if one.latency_s is not None]
    return once(min(found)) if found else None


CRITERION = Kind(
    id="tail-latency",
    label="Tail latency",
    scale=Scale(worst=10.0, best=1e-6, unit="s", log=True),
    least=1.05,
    evidence="timed: the 99th percentile of single requests, in the best target that the side came to",
    read=_read,
    absent="no artifact that came through was timed",
)
