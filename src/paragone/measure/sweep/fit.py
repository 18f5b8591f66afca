"""The line t = overhead + each · size through a contender's times, and how wrong a line is.

The line is fitted in each set of processes, and the interval of its two numbers is over the sets: the process is the
unit of repetition here as everywhere. Times of small and of large sizes are orders of magnitude apart, and noise is a
share of a time, so that the squares of *relative* differences are least.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from paragone.measure.statistics import LEVEL, SUMMARY_LEVEL, mean_interval
from paragone.records import Line

POOR = 0.2
"""A line that misses a time by more than this share of it does not describe how the cost grows."""

FEWEST_SIZES = 3
"""Through two sizes there always is a line, which says nothing about whether there is one."""


def fitted(sizes: Sequence[int], step_s: Sequence[Sequence[float]], level: float = SUMMARY_LEVEL) -> Line | None:
    """Fit the line.

    Args:
        sizes: ascending.
        step_s: seconds a step, one row a set with one value for each size.
        level: confidence of each of the two intervals.

    Returns:
        None where there are too few sizes or sets.
    """
    if len(sizes) < FEWEST_SIZES or len(step_s) < 2:
        return None
    lines = np.array([_least_squares(sizes, row) for row in step_s])
    overhead, each = (mean_interval(lines[:, place].tolist(), level=level) for place in (0, 1))
    misses = (lines @ np.stack([np.ones(len(sizes)), np.asarray(sizes)])) / np.asarray(step_s) - 1
    typical = np.exp(np.log(np.asarray(step_s, dtype=np.float64)).mean(axis=0))
    misfit = np.abs((overhead.mid + each.mid * np.asarray(sizes)) / typical - 1).max()
    bent = any(_beyond_chance(column, len(sizes)) for column in misses.T.tolist())
    return Line(overhead_s=overhead, each_s=each, misfit=float(misfit), bent=bent)


def _beyond_chance(misses: Sequence[float], sizes: int) -> bool:
    """Whether the line misses one size by more than a fifth, in the same direction in the sets; all sizes together."""
    found = mean_interval(misses, level=1 - (1 - LEVEL) / sizes)
    return abs(found.mid) > POOR and not found.low <= 0 <= found.high


def _least_squares(sizes: Sequence[int], step_s: Sequence[float]) -> tuple[float, float]:
    """Overhead and marginal cost of one set."""
    times = np.asarray(step_s, dtype=np.float64)
    columns = np.stack([1 / times, np.asarray(sizes) / times], axis=1)
    (overhead, each), *_ = np.linalg.lstsq(columns, np.ones(len(sizes)), rcond=None)
    return float(overhead), float(each)
