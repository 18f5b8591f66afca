"""A call of the trained model with one sample, in evaluation mode, until its result is on the host."""

from __future__ import annotations

from paragone.measure.quantities.base import Quantity
from paragone.measure.statistics import undisturbed_s
from paragone.records import ContenderSet


def latency_s(one: ContenderSet) -> float | None:
    """Seconds of a call with one sample; None where inference was not timed."""
    found = [undisturbed_s(at.block_call_s) for at in one.inference if at.batch_size == 1]
    return found[0] if found else None


QUANTITY = Quantity("latency", latency_s, place=4)
