"""Quantiles of Student's t and of the normal distribution, without SciPy: a choice is made while it would be loading.

The distribution of t is a regularised incomplete beta function, here by its continued fraction, evaluated from the
front (NIST DLMF 8.17.22, https://dlmf.nist.gov/8.17#v, version 1.2).
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

_NORMAL = NormalDist()
_LARGE = 1e6
"""With more degrees of freedom t is normal to six digits."""


@lru_cache(maxsize=1024)
def quantile(freedom: float, level: float) -> float:
    """Half width of a central interval of this level, in standard errors."""
    outside = (1 - level) / 2
    if freedom > _LARGE:
        return -_NORMAL.inv_cdf(outside)
    low, high = 0.0, 1.0
    while above(high, freedom) > outside:
        low, high = high, 2 * high
    while high - low > 1e-13 * high:
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if above(middle, freedom) > outside else (low, middle)
    return (low + high) / 2


def above(t: float, freedom: float) -> float:
    """Probability of more than t, for t of at least 0."""
    if freedom > _LARGE:
        return _NORMAL.cdf(-t)
    return _beta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2


def _beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function."""
    if x >= 1:
        return 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(1 - x, b, a)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)) / a
    value = 1.0
    for step in range(200, 0, -1):  # from the last term to the first
        half = step // 2
        if step % 2:
            term = -(a + half) * (a + b + half) * x / ((a + step - 1) * (a + step))
        else:
            term = half * (b - half) * x / ((a + step - 1) * (a + step))
        value = 1 + term / value
    return front / value
