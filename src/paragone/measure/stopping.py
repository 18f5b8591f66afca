"""When a run is over: every answer is certain, or only a difference that matters to nobody is left, or time is up."""

from __future__ import annotations

import math
from collections.abc import Sequence

from paragone.records import Ratio

PRECISE = 0.1
"""How well a ratio must be known before it is left: within a tenth. Without this, two sides that are far apart would be
left after the first look, with an interval that says no more than which is ahead."""


def decided(ratio: Ratio) -> bool:
    """Whether more sets would change nothing that matters about this ratio."""
    if ratio.verdict == "tie":
        return ratio.excluded
    return math.log(ratio.high / ratio.low) / 2 <= math.log1p(PRECISE)


def all_decided(ratios: Sequence[Ratio]) -> bool:
    """Whether every pair is decided; without a pair there is nothing that could be."""
    return bool(ratios) and all(map(decided, ratios))
