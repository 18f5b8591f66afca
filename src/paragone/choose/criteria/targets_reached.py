"""Targets reached: the share of the profile's targets that the side came to, the same within the target's precision.

A target that could not be run on the run's machine is no evidence for or against anybody, and is not counted. Scale: 0
to 1, linear, its natural ends.
"""

from __future__ import annotations

from paragone.choose.criteria.base import ARRIVED, Kind, RunEvidence, exactly
from paragone.choose.scale import Scale
from paragone.records import Interval, Side


def _read(evidence: RunEvidence, side: Side) -> Interval | None:
    tried = {one.target: one.verdict in ARRIVED for one in evidence.deployed(side) if one.verdict != "not run"}
    return exactly(sum(tried.values()) / len(tried)) if tried else None


CRITERION = Kind(
    id="targets-reached",
    label="Targets reached",
    scale=Scale(worst=0.0, best=1.0, unit="share", log=False),
    least=0.01,
    evidence="deployed: the share of the targets to which the side came",
    read=_read,
    absent="nothing was deployed to the profile's targets",
)
