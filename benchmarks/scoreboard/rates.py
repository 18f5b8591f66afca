"""Rates of trials, with intervals, and what may be said of two of them."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.instrument import bounds

FEWEST = 30
"""Trials below which a rate is called too few to say much."""


@dataclass(frozen=True)
class Rate:
    """So many of so many."""

    count: int
    of: int

    @property
    def interval(self) -> tuple[float, float]:
        """Two-sided, at 95 % (Clopper and Pearson 1934): exact, and never too narrow."""
        return bounds(self.count, self.of, 0.975) if self.of else (0.0, 1.0)

    def __str__(self) -> str:
        """`3 of 20 (3 to 38 %)`."""
        if not self.of:
            return "–"
        low, high = (f"{100 * end:.0f}" for end in self.interval)
        return f"{self.count} of {self.of} ({low} to {high} %)"


def at_most(ours: Rate, theirs: Rate, share: float = 1.0) -> bool:
    """Whether our rate is certainly below this share of theirs: both intervals say so, at 95 % together or better."""
    return ours.interval[1] < share * theirs.interval[0]
