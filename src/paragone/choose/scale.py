"""Fixed scales and estimates on them: how a value with its interval becomes a utility from 0 to 1."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from paragone.choose.student import above, quantile
from paragone.records import Interval

INTERVAL_LEVEL = 0.95


@dataclass(frozen=True)
class Scale:
    """A scale with fixed ends, never fitted to the options at hand: an irrelevant one would move the others.

    Args:
        worst: value of utility 0, in `unit`; what is worse stays at 0.
        best: value of utility 1, in `unit`; what is better stays at 1.
        unit: `s`, `bytes`, `share` or `tokens`.
        log: equal ratios count equally, not equal differences.
    """

    worst: float
    best: float
    unit: str
    log: bool

    @cached_property
    def _ends(self) -> tuple[float, float]:
        return self.coordinate(self.worst), self.coordinate(self.best)

    def coordinate(self, value: float) -> float:
        """Where a value lies: its logarithm on a log scale."""
        return math.log(value) if self.log else value

    def share(self, coordinate: float) -> float:
        """How far a coordinate is from the worst end to the best, not clipped."""
        worst, best = self._ends
        return (coordinate - worst) / (best - worst)

    def utility(self, value: float) -> float:
        """Utility of a value, from 0 to 1."""
        return min(1.0, max(0.0, self.share(self.coordinate(value))))

    def step(self, start: float, end: float) -> float:
        """How far it is from one value to another, as a share of the scale, not clipped."""
        return self.share(self.coordinate(end)) - self.share(self.coordinate(start))

    def value(self, utility: float) -> float:
        """The value that has this utility."""
        worst, best = self._ends
        coordinate = worst + utility * (best - worst)
        return math.exp(coordinate) if self.log else coordinate

    def mean(self, values: Sequence[Interval]) -> Interval:
        """The mean of several values and of their ends: geometric on a log scale."""
        if len(values) == 1:
            return values[0]
        ends = [
            math.fsum(self.coordinate(getattr(value, end)) for value in values) / len(values)
            for end in ("mid", "low", "high")
        ]
        mid, low, high = (math.exp(end) for end in ends) if self.log else ends
        return Interval(mid=mid, low=low, high=high, level=min(value.level for value in values))

    def holds(self, interval: Interval) -> bool:
        """Whether an interval can be placed on this scale: finite, and positive on a log scale."""
        numbers = (interval.mid, interval.low, interval.high)
        return all(math.isfinite(number) for number in numbers) and (not self.log or min(numbers) > 0)


@dataclass(frozen=True)
class Estimate:
    """A value as a distribution on its scale's coordinate: Student's t, or normal where `freedom` is infinite."""

    centre: float
    spread: float
    freedom: float


def estimate(interval: Interval, scale: Scale) -> Estimate:
    """The distribution that an interval stands for; the wider half of the interval gives the spread."""
    freedom = interval.n - 1.0 if interval.n > 1 else math.inf
    centre = scale.coordinate(interval.mid)
    half = max(scale.coordinate(interval.high) - centre, centre - scale.coordinate(interval.low), 0.0)
    return Estimate(centre, half / quantile(freedom, interval.level), freedom)


def interval_over(samples: Sequence[float], *, log: bool) -> Interval | None:
    """Mean (geometric if `log`) with its 95 % t interval; None for fewer than two samples or one that is no number."""
    if len(samples) < 2 or not all(math.isfinite(sample) and (sample > 0 or not log) for sample in samples):
        return None
    points = [math.log(sample) for sample in samples] if log else list(samples)
    mean = math.fsum(points) / len(points)
    variance = math.fsum((point - mean) ** 2 for point in points) / (len(points) - 1)
    half = quantile(len(points) - 1.0, INTERVAL_LEVEL) * math.sqrt(variance / len(points))
    ends = (mean, mean - half, mean + half)
    mid, low, high = (math.exp(end) for end in ends) if log else ends
    return Interval(mid=mid, low=low, high=high, level=INTERVAL_LEVEL, n=len(points))


def apart(a: Estimate, b: Estimate, level: float) -> bool:
    """Whether two estimates differ by Welch's two-sided test at `level`."""
    variance = a.spread**2 + b.spread**2
    if variance == 0:
        return a.centre != b.centre
    freedom = variance**2 / (a.spread**4 / a.freedom + b.spread**4 / b.freedom or math.ulp(0.0))
    return 2 * above(abs(a.centre - b.centre) / math.sqrt(variance), freedom) < 1 - level
