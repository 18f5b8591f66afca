"""Whether a contender stays as fast as it is while it is timed; "not steady" is an answer.

Within one process the later half of the blocks is compared with the earlier half. One process alone says little, since
the machine's own speed moves too; but that moves up in one set and down in the next, while a contender that is still
warming up, or wearing out, goes the same way in every set. So, as everywhere, the process is the unit of repetition,
and the interval is across sets.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

from paragone.measure.statistics import estimated
from paragone.records import ContenderSet, Ratio, Steadiness, SteadyVerdict

FEWEST_BLOCKS = 4


def drift(block_step_s: Sequence[float]) -> float:
    """Logarithm of the later half's median over the earlier half's: below 0 where the steps became faster."""
    half = len(block_step_s) // 2
    return math.log(statistics.median(block_step_s[-half:]) / statistics.median(block_step_s[:half]))


def steadiness(sets: Sequence[Sequence[ContenderSet]], alpha: float, matters: float) -> Steadiness | None:
    """Judge one contender; None where there are too few sets or blocks to see anything.

    Args:
        sets: its processes in each set.
        alpha: error probability of the interval.
        matters: the smallest difference that matters, 0.02 for 2 %.
    """
    processes = [one for of_set in sets for one in of_set]
    if len(sets) < 2 or any(len(one.block_step_s) < FEWEST_BLOCKS for one in processes):
        return None
    found = estimated([statistics.fmean(drift(one.block_step_s) for one in of_set) for of_set in sets], alpha)
    verdict: SteadyVerdict
    cold = sum(one.warm is False for one in processes)
    if 2 * cold > len(processes) or (not found.low <= 1 <= found.high and found.apart >= matters):
        verdict = "not steady"
    else:
        verdict = "steady" if found.apart < matters else "undecided"
    return Steadiness(
        verdict=verdict,
        drift=found.mid,
        low=found.low,
        high=found.high,
        apart=found.apart,
        alpha=alpha,
        warmup_s=statistics.median(one.warmup_s for one in processes),
        cold=cold,
        processes=len(processes),
    )


def moved_too_far(ratio: Ratio, a: Steadiness | None, b: Steadiness | None) -> bool:
    """Whether sides that are not steady moved by more than the interval of their ratio is away from 1."""
    moved = sum(math.log1p(one.apart) for one in (a, b) if one and one.verdict == "not steady")
    return moved > 0 and min(abs(math.log(ratio.low)), abs(math.log(ratio.high))) <= moved
