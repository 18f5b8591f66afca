"""What is kept of a value instead of the value: a few sums that do not depend on its layout.

Two values of equal size have the same fingerprint when one is the other with its axes permuted, or reshaped. The
*profile* adds, for every axis, a weighted sum along it: it depends on the order along an axis, but not on the order of
the axes, so channels first and channels last agree while a reversed or shuffled axis does not.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

STATS = ("sum", "sum_abs", "sum_squares", "largest", "smallest", "not_finite")
"""The columns of a fingerprint, taken in float64 over the finite elements."""


def fingerprint(value: Array) -> list[float]:
    """The numbers named in `STATS`."""
    flat = _plain(value).reshape(-1)
    finite = np.isfinite(flat)
    lost = flat.size - int(np.count_nonzero(finite))
    if lost:
        flat = flat[finite]
    if not flat.size:
        return [0.0, 0.0, 0.0, 0.0, 0.0, float(lost)]
    with np.errstate(over="ignore"):
        sizes = np.abs(flat)
        return [
            float(flat.sum()),
            float(sizes.sum()),
            float(np.dot(flat, flat)),
            float(flat.max()),
            float(flat.min()),
            float(lost),
        ]


def profile(value: Array) -> list[float]:
    """For every axis, the sums over all other axes, weighted by fixed numbers that differ from place to place.

    Positive elements count thrice as much as negative ones: normalised values sum up to the same everywhere.
    """
    plain = _plain(value)
    if not np.isfinite(plain).all():
        plain = np.nan_to_num(plain, posinf=0.0, neginf=0.0)
    plain = plain + 0.5 * np.abs(plain)
    return [_along(plain, axis) for axis in range(plain.ndim)]


def _along(plain: Array, axis: int) -> float:
    others = tuple(other for other in range(plain.ndim) if other != axis)
    sums = plain.sum(axis=others)
    return float(np.dot(sums, _weights(len(sums))))


def _weights(n: int) -> Array:
    """Numbers between 1 and 2, the same on every side (the fractional parts of multiples of the golden ratio)."""
    weights: Array = 1.0 + np.modf(np.arange(1, n + 1) * 0.6180339887498949)[0]
    return weights


def _plain(value: Array) -> Array:
    """In float64; complex numbers as pairs."""
    if value.dtype.kind == "c":
        value = np.stack([value.real, value.imag])
    plain: Array = value.astype(np.float64, copy=False)
    return plain
