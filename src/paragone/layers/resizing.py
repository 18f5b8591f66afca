"""Resizing an axis is a product with a matrix of weights: how each way of resizing chooses them.

Half-pixel centres are those of TensorFlow 2 (tensorflow/python/ops/image_ops_impl.py, 2.21), jax.image.resize
(jax/_src/image/scale.py, 0.10) and PyTorch with `align_corners=False` (aten/src/ATen/native/UpSample.h, torch 2.13).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from paragone.frameworks.base import Array

NEAREST, FLOOR, LINEAR, CUBIC = "nearest", "nearest, rounded down", "bilinear", "bicubic"


def axis_weights(n: int, m: int, mode: str, *, corners: bool, antialias: bool, cubic: float, scale: float) -> Array:
    """The matrix (m, n) that resizes an axis of n places to m.

    Args:
        n: places before.
        m: places after.
        mode: one of those above.
        corners: the first and last places of both stand on each other.
        antialias: the filter is widened where the axis becomes shorter.
        cubic: the parameter a of the cubic filter; with -0.75 (PyTorch) places beyond the edge repeat it, with -0.5
            (TensorFlow, JAX) they are left out.
        scale: places after for each place before, where it is not m / n: PyTorch takes a `scale_factor` as it is given;
            0 for m / n.
    """
    import numpy as np

    step = 1 / scale if scale else n / m
    if mode == FLOOR:
        return _chosen(np.arange(m) * step, n)
    if mode == NEAREST:
        return _chosen((np.arange(m) + 0.5) * step, n)
    if corners:
        step = (n - 1) / max(m - 1, 1)
    places = np.arange(m) * step if corners else (np.arange(m) + 0.5) * step - 0.5
    widened = max(1.0, step) if antialias else 1.0
    if mode == CUBIC and cubic == -0.75 and not antialias:
        return _repeated(places, n, cubic)
    away = (places[:, None] - np.arange(n)) / widened
    if mode == LINEAR and not antialias:
        away = np.clip(places, 0, n - 1)[:, None] - np.arange(n)
    weights = np.maximum(0.0, 1.0 - np.abs(away)) if mode == LINEAR else _cubic(away, cubic)
    return np.asarray(weights / weights.sum(1, keepdims=True))


def _chosen(places: Array, n: int) -> Array:
    """All weight on the place before each of these."""
    import numpy as np

    return np.asarray(np.eye(n)[np.minimum(np.floor(places).astype(int), n - 1)])


def _cubic(away: Array, a: float) -> Array:
    import numpy as np

    x = np.abs(away)
    near = (a + 2) * x**3 - (a + 3) * x**2 + 1
    far = a * x**3 - 5 * a * x**2 + 8 * a * x - 4 * a
    return np.where(x <= 1, near, np.where(x < 2, far, 0.0))


def _repeated(places: Array, n: int, a: float) -> Array:
    """Cubic weights, those of places beyond the edge added to the edge."""
    import numpy as np

    weights = np.zeros((len(places), n))
    first = np.floor(places).astype(int)
    for offset in (-1, 0, 1, 2):
        at = first + offset
        np.add.at(weights, (np.arange(len(places)), np.clip(at, 0, n - 1)), _cubic(places - at, a))
    return weights
