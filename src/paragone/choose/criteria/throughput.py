"""Throughput: samples a second in evaluation mode, at the best of the batch sizes that were timed.

Scale: 1 to 10,000,000 samples a second, logarithmic. With one sample a second a set of 100,000 takes more than a day;
ten million a second are more than any data pipeline of one machine feeds.
"""

from __future__ import annotations

from paragone.choose.criteria.base import Kind, RunEvidence
from paragone.choose.scale import Scale
from paragone.records import Interval, Side


def _read(evidence: RunEvidence, side: Side) -> Interval | None:
    contender = evidence.contender(side)
    return contender.samples_per_s if contender else None


CRITERION = Kind(
    id="throughput",
    label="Throughput in evaluation mode",
    scale=Scale(worst=1.0, best=1e7, unit="samples/s", log=True),
    least=1.02,
    evidence="timed: samples a second of the model in evaluation mode, at its best batch size",
    read=_read,
    absent="inference was not timed",
    quantity="throughput",
    is_time=True,
)
