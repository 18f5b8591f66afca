"""What a run will be able to see at its end, told after its first sets: "in 40 s I shall be able to see 4 %"."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from paragone.measure.looks import Looks
from paragone.measure.statistics import LEVEL, detectable_at
from paragone.records import Forecast

FORECAST_AFTER = 3
"""Sets from which the spread is guessed: the first number whose guess is within a factor of two in nine of ten runs.
A run that has no more than these guesses one set before its end."""


def forecast(
    log_ratios: Sequence[Sequence[float]], planned: Looks, set_s: float, *, family: int, level: float = LEVEL
) -> Forecast | None:
    """Foresee the smallest difference that will show at the last look; None where no spread can be seen yet.

    The spread of one set's log-ratio is guessed from all pairs together, and from the twin, since they share their
    sets' disturbances and each alone has had only few.

    Args:
        log_ratios: those of each pair so far, and of the twin.
        planned: the looks of this run.
        set_s: seconds that a set takes.
        family: how many pairs are judged at once.
        level: confidence of all of them together.
    """
    rows = [np.asarray(row, dtype=np.float64) for row in log_ratios if len(row) > 1]
    if not rows:
        return None
    done = max(row.size for row in rows)
    variance = sum(float(row.var(ddof=1)) * (row.size - 1) for row in rows) / sum(row.size - 1 for row in rows)
    alpha = (1.0 - level) * planned.share(planned.last) / family
    return Forecast(
        sets=done,
        seconds=(planned.last - done) * set_s,
        detectable=detectable_at(planned.last, math.sqrt(variance / planned.last), alpha),
    )
