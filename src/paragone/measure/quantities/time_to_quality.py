"""Training until a metric of the test set is good enough: the wall clock of training alone, compilation included."""

from __future__ import annotations

from paragone.measure.quantities.base import Quantity
from paragone.records import ContenderSet


def quality_s(one: ContenderSet) -> float | None:
    """Seconds of all epochs until then; None where the model did not become good enough, or was not asked to."""
    return sum(one.until.epoch_s) if one.until is not None and one.until.reached else None


QUANTITY = Quantity("time to quality", quality_s, place=7)
