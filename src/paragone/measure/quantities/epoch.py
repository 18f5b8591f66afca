"""One epoch of training, in which the batches are made from the training set in a random order."""

from __future__ import annotations

from paragone.measure.quantities.base import Quantity
from paragone.measure.quantities.step import step_s
from paragone.measure.statistics import undisturbed_s
from paragone.records import ContenderSet


def epoch_s(one: ContenderSet) -> float | None:
    """Seconds of an epoch; None where it was not timed."""
    return undisturbed_s(one.epoch.block_epoch_s) if one.epoch is not None else None


def pipeline_s(one: ContenderSet) -> float | None:
    """Seconds that the same batches take where no step uses them; None where that was not timed."""
    return undisturbed_s(one.epoch.block_pipeline_s) if one.epoch is not None else None


def pipeline_share(one: ContenderSet) -> float | None:
    """The share of an epoch that is not its training steps, as they were timed over batches in memory.

    It is less than the pipeline alone takes where batches are made while others are computed, and may come out below 0
    by noise.
    """
    whole_s = epoch_s(one)
    return None if whole_s is None or one.epoch is None else 1 - one.epoch.batches * step_s(one) / whole_s


QUANTITY = Quantity("epoch", epoch_s, place=6)
