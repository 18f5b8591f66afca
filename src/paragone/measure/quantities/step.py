"""One training step, once everything is warm: the steps of the blocks that no neighbour disturbed."""

from __future__ import annotations

from paragone.measure.quantities.base import Quantity
from paragone.measure.statistics import undisturbed_s
from paragone.records import ContenderSet


def step_s(one: ContenderSet) -> float:
    """Seconds of one steady training step."""
    return undisturbed_s(one.block_step_s)


QUANTITY = Quantity("step", step_s, place=1)
