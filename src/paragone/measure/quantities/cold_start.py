"""From the spawn of the process to the end of its first training step: the sum of the phases."""

from __future__ import annotations

from paragone.measure.quantities.base import Quantity
from paragone.records import ContenderSet, Phases


def cold_start_s(phases: Phases) -> float:
    """Seconds from the spawn of the process to the end of its first training step."""
    return phases.start + phases.import_ + phases.build + phases.compile + phases.first_step


def of_process(one: ContenderSet) -> float:
    """The same, of one process."""
    return cold_start_s(one.phases_s)


QUANTITY = Quantity("cold start", of_process, place=2)
