"""How much is measured at most: fixed by the budget and the start-up seconds before any ratio is looked at.

The most sets say when there are looks at the ratios, and what each may spend (`paragone.measure.looks`); a run may end
at any of them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from paragone.errors import InputError
from paragone.measure.statistics import LEVEL
from paragone.measure.warmup import FEWEST_CHUNKS, LONGEST

MIN_SETS = 3
MIN_SWEEP_SETS = 5
"""Of a sweep: the intervals of all its sizes hold together, and with fewer sets they would hold almost anything."""
MAX_SETS = 60
SPARE = 1.05
OVERRUN = 1.2
"""Budgets that a run may take where its machine becomes slower after the first set."""


@dataclass(frozen=True)
class Pace:
    """How one set is timed.

    Args:
        block_s: how long one block of steps is meant to last.
        timed_s: how long all blocks of one contender in one set are meant to last.
        warmup_s: the least that each process runs before it is timed.
        min_rounds: rounds that are timed even where one step is longer than a block.
        level: confidence of the verdicts.
    """

    block_s: float = 0.05
    timed_s: float = 0.6
    warmup_s: float = 0.5
    min_rounds: int = 3
    level: float = LEVEL

    def rounds(self, step_s: Sequence[float]) -> int:
        """Mirrored rounds a set: as many as fill `timed_s` for each process on average."""
        block_s = sum(max(self.block_s, step) for step in step_s) / len(step_s)
        return max(self.min_rounds, round(self.timed_s / (2 * block_s)))

    def warm_s(self, step_s: float) -> float:
        """Seconds of warm-up of a process that is warm as soon as that can be seen."""
        return max(self.warmup_s, min(FEWEST_CHUNKS * step_s, LONGEST * self.warmup_s + step_s))

    def set_s(self, start_s: Sequence[float], step_s: Sequence[float]) -> float:
        """Seconds that one set takes: every contender once and, on average over sets, one of them twice.

        Args:
            start_s: seconds from spawn to the end of the first step, by contender.
            step_s: seconds of one steady step, by contender.
        """
        each = [start + self.warm_s(step) for start, step in zip(start_s, step_s, strict=True)]
        blocks = [2 * self.rounds(step_s) * max(self.block_s, step) for step in step_s]
        return SPARE * (sum(each) + sum(blocks)) * (1 + 1 / len(each))


def sweep_pace() -> Pace:
    """Shorter than where one size is timed: the process is warm already, and only the size is new to it."""
    return Pace(block_s=0.03, timed_s=0.3, warmup_s=0.25)


def smallest_budget_s(
    start_s: Sequence[float], step_s: Sequence[float], pace: Pace | None = None, sizes: int = 1
) -> float:
    """The least budget that pays for the fewest sets an interval can be made of, each with so many sizes."""
    sets = MIN_SETS if sizes == 1 else MIN_SWEEP_SETS
    return sets * sizes * (pace or Pace()).set_s(start_s, step_s)


def check_budget(
    budget_s: float, start_s: Sequence[float], step_s: Sequence[float], pace: Pace | None = None, sizes: int = 1
) -> None:
    """Refuse a budget that does not pay for the fewest sets.

    Args:
        budget_s: seconds for the timing.
        start_s: seconds from spawn to the first step, by contender; of a sweep, what of them falls on one size.
        step_s: seconds of one steady step, by contender.
        pace: how a set is timed.
        sizes: how many sizes every set times.

    Raises:
        InputError: says the smallest budget that would do.
    """
    smallest = smallest_budget_s(start_s, step_s, pace, sizes)
    sets = MIN_SETS if sizes == 1 else MIN_SWEEP_SETS
    if budget_s < smallest:
        raise InputError(
            "The budget is too small to time these contenders.",
            where="--budget",
            expected=f"at least {math.ceil(smallest)} seconds for timing ({sets} sets of fresh processes)",
            received=f"{budget_s:g} seconds for timing",
            next_step=f"give a larger --budget, or compare fewer {'sides' if sizes == 1 else 'sides or sizes'}",
        )


def sets_within(budget_s: float, start_s: Sequence[float], step_s: Sequence[float], pace: Pace) -> int:
    """How many sets the budget pays for at most; never fewer than an interval needs."""
    return min(MAX_SETS, max(MIN_SETS, int(budget_s / pace.set_s(start_s, step_s))))
