"""How far two arrays are from each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Gap:
    """The distance of `a` from `b`, and the element that is furthest off."""

    max_rel: float
    index: tuple[int, ...]
    a: float
    b: float


def gap(a: Array, b: Array) -> Gap:
    """max|a - b| / max|b|, with the element where |a - b| is largest.

    Elements that are the same infinity, or not a number on both sides, count as equal; one that is not finite on one
    side only is infinitely far. Where `b` is zero everywhere, the distance is 0 or infinite.
    """
    if a.shape != b.shape:
        raise ValueError(f"shapes {a.shape} and {b.shape} cannot be compared")
    if a.size == 0:
        return Gap(0.0, (), 0.0, 0.0)
    a, b = np.atleast_1d(np.asarray(a, np.float64)), np.atleast_1d(np.asarray(b, np.float64))
    with np.errstate(invalid="ignore", over="ignore"):
        difference = np.abs(np.subtract(a, b))
    where = np.unravel_index(int(np.argmax(difference)), difference.shape)
    if np.isfinite(difference[where]):  # then all of it is, and so are a and b
        scale = max(float(b.max()), -float(b.min()))
    else:
        difference[(a == b) | (np.isnan(a) & np.isnan(b))] = 0.0
        difference[np.isnan(difference)] = np.inf
        where = np.unravel_index(int(np.argmax(difference)), difference.shape)
        finite = np.abs(b[np.isfinite(b)])
        scale = float(finite.max()) if finite.size else 0.0
    largest = float(difference[where])
    max_rel = 0.0 if largest == 0.0 else largest / scale if scale > 0.0 else float("inf")
    return Gap(max_rel, tuple(int(i) for i in where), float(a[where]), float(b[where]))
