"""Where another contender takes the lead, as far as it is certain.

At every size the ratio has its interval, and all of them hold together. So where one is ahead for certain at one size
and the other at a larger one, the lead changes between the two: they are the ends of an interval, and it is as sure as
the ratios are. The number told for it is where the ratio is 1 when it is drawn straight between the sizes, on
logarithmic axes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from paragone.records import Crossing, Ratio, SizeRatio


def leader(ratio: Ratio) -> str:
    """Who needs less time for certain; empty where that is open."""
    return {"faster": ratio.a, "slower": ratio.b}.get(ratio.verdict, "")


def crossings(ratios: Sequence[SizeRatio]) -> tuple[Crossing, ...]:
    """Every change of the lead, in the order of the sizes."""
    certain = [place for place, one in enumerate(ratios) if leader(one.ratio)]
    found = ((ratios[first : last + 1]) for first, last in pairwise(certain))
    return tuple(
        Crossing(
            below=leader(part[0].ratio),
            above=leader(part[-1].ratio),
            size=_at(part),
            low=part[0].size,
            high=part[-1].size,
        )
        for part in found
        if leader(part[0].ratio) != leader(part[-1].ratio)
    )


def _at(part: Sequence[SizeRatio]) -> float:
    """The first size at which the ratio, drawn straight between its sizes, is 1."""
    for one, other in pairwise(part):
        low, high = math.log(one.ratio.ratio), math.log(other.ratio.ratio)
        if low * high <= 0 and low != high:
            share = low / (low - high)
            return math.exp((1 - share) * math.log(one.size) + share * math.log(other.size))
    raise ValueError("the lead does not change between these sizes")
