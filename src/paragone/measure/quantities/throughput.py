"""Samples per second of the model in evaluation mode, at the best of the batch sizes that were declared.

Compared as the seconds of one sample, of which less is better, as of every time.
"""

from __future__ import annotations

from paragone.measure.quantities.base import Quantity
from paragone.measure.statistics import undisturbed_s
from paragone.records import ContenderSet, Inference


def sample_s(one: ContenderSet) -> float | None:
    """Seconds of one sample at the best batch size; None where inference was not timed."""
    return min(map(_sample_s, one.inference), default=None)


def best_batch(one: ContenderSet) -> int:
    """The batch size at which most samples were done in a second."""
    return min(one.inference, key=_sample_s).batch_size


def _sample_s(at: Inference) -> float:
    return undisturbed_s(at.block_call_s) / at.batch_size


QUANTITY = Quantity("throughput", sample_s, place=5)
