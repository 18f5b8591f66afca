"""Accuracy lost in int8: that of the side less that of its quantised artifact, on the same test samples.

The least lost in any of the profile's targets. What is gained counts as nothing lost. Scale: 0.1 to 0, linear: ten
points are more than anybody gives for a smaller file. The interval is the artifact's own, over the test samples.
"""

from __future__ import annotations

from paragone.choose.criteria.base import Kind, RunEvidence
from paragone.choose.scale import Scale
from paragone.records import Interval, Side


def _read(evidence: RunEvidence, side: Side) -> Interval | None:
    found = [one.accuracy for one in evidence.arrived(side) if one.verdict == "quantised" and one.accuracy]
    if not found:
        return None
    least = min(found, key=lambda one: one.lost)
    return Interval(mid=least.lost, low=least.low, high=least.high)


CRITERION = Kind(
    id="int8-accuracy-lost",
    label="Accuracy lost in int8",
    scale=Scale(worst=0.1, best=0.0, unit="share", log=False),
    least=0.001,
    evidence="deployed: accuracy of the side less that of its int8 artifact, on the same samples",
    read=_read,
    absent="no int8 artifact with an accuracy came through",
)
