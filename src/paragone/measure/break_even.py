"""After how many steps the contender that starts more slowly has caught up: when compilation, or an import, has paid.

A program that takes n training steps needs its cold start and n - 1 steady steps. Of two contenders one starts sooner;
where the other has the shorter step, there is a number of steps from which it is ahead. For every n the time of both is
known in each set, and with it the ratio with its interval over sets; the break-even lies among those n for which the
interval holds 1. That is the inversion of a test, as in Fieller's theorem (1954), and needs no formula for the
distribution of a quotient.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from paragone.measure.quantities.cold_start import of_process as cold_start_s
from paragone.measure.quantities.step import step_s
from paragone.measure.statistics import Estimated, estimated
from paragone.records import BreakEven, ContenderSet

MOST_STEPS = 10**9
"""Whoever has not caught up by then never does."""

Pair = tuple[ContenderSet, ContenderSet]
Named = tuple[str, str]


def break_even(pairs: Sequence[Pair], alpha: float) -> tuple[float, float, float] | None:
    """The number of steps at which two contenders have taken equally long, with its interval; infinite ends are open.

    Args:
        pairs: the two contenders' processes, one pair a set; the first is the one that starts sooner.
        alpha: error probability of the interval.

    Returns:
        None where it is not certain that the first starts sooner, or not certain that it has the longer step.
    """

    def first_over_second(steps: float) -> Estimated:
        return estimated([math.log(_until(a, steps) / _until(b, steps)) for a, b in pairs], alpha)

    if first_over_second(1).high >= 1 or estimated([math.log(step_s(a) / step_s(b)) for a, b in pairs], alpha).low <= 1:
        return None
    mid = _first(lambda steps: first_over_second(steps).mid >= 1)
    low = _first(lambda steps: first_over_second(steps).high >= 1)
    high = _first(lambda steps: first_over_second(steps).low > 1)
    return mid, low, high


def told(a: Named, b: Named, pairs: Sequence[Pair], alpha: float) -> BreakEven | None:
    """The break-even of two contenders, whichever of them starts sooner; None where neither certainly catches up.

    Args:
        a: side and track of one.
        b: side and track of the other.
        pairs: their processes, one pair a set.
        alpha: error probability of the interval.
    """
    for first, second, ordered in ((a, b, pairs), (b, a, [(y, x) for x, y in pairs])):
        if (found := break_even(ordered, alpha)) is not None:
            steps, low, high = found
            return BreakEven(
                sooner=first[0],
                sooner_track=first[1],
                later=second[0],
                later_track=second[1],
                steps=steps,
                low=low,
                high=high,
                alpha=alpha,
            )
    return None


def _until(one: ContenderSet, steps: float) -> float:
    """Seconds from the spawn of a process to the end of so many training steps."""
    return cold_start_s(one) + (steps - 1) * step_s(one)


def _first(reached: Callable[[float], bool]) -> float:
    """The least number of steps, to one, at which it is so; it stays so from there on. Infinite if there is none."""
    if reached(1):
        return 1.0
    low, high = 1, 2
    while not reached(high):
        low, high = high, 2 * high
        if low > MOST_STEPS:
            return math.inf
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return float(high)
