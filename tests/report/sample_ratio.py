"""Ratios made up for the tests of the report."""

from __future__ import annotations

import math
from random import Random

from paragone.records import Ratio


def ratio(a: str, b: str, quantity: str, value: float, spread: float) -> Ratio:
    random = Random(a + b + quantity)
    logs = tuple(math.log(value) + random.gauss(0, spread) for _ in range(8))
    low, high = value * math.exp(-1.9 * spread), value * math.exp(1.9 * spread)
    below, above = ("less", "more") if "memory" in quantity else ("faster", "slower")
    verdict = "tie" if low <= 1 <= high else below if high < 1 else above
    return Ratio(
        a=a,
        b=b,
        track="idiomatic",
        quantity=quantity,
        ratio=value,
        low=low,
        high=high,
        level=0.99,
        verdict=verdict,
        detectable=math.expm1(3.2 * spread),
        log_ratios=logs,
        sentence="tie: any difference above 3.3 % would have shown" if verdict == "tie" else "they differ",
    )


def self_test(tested: str, quantity: str) -> Ratio:
    sentence = f"{quantity} of a contender against a second process of itself: 0.98 to 1.02, as it should be"
    return ratio(tested, tested, quantity, 1.003, 0.01).model_copy(update={"track": "self-test", "sentence": sentence})
