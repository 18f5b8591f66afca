"""Epoch time: one epoch with its data pipeline, once everything is warm.

Scale: one day to 1 ms, logarithmic. A day an epoch leaves no time to try anything; no epoch of any use takes 1 ms.
"""

from __future__ import annotations

from paragone.choose.criteria.base import Kind, RunEvidence
from paragone.choose.scale import Scale
from paragone.records import Interval, Side


def _read(evidence: RunEvidence, side: Side) -> Interval | None:
    contender = evidence.contender(side)
    return contender.epoch_s if contender else None


CRITERION = Kind(
    id="epoch-time",
    label="Epoch with its data pipeline",
    scale=Scale(worst=86_400.0, best=1e-3, unit="s", log=True),
    least=1.02,
    evidence="timed: whole epochs, with the batches made from the training set",
    read=_read,
    absent="whole epochs were not timed",
    quantity="epoch",
    is_time=True,
)
