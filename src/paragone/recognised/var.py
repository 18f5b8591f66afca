"""Variance over axes: the mean of squared distances from the mean.

PyTorch divides by n - 1 by default (torch.var, 2.13), NumPy, JAX (jax/_src/numpy/reductions.py, 0.10) and TensorFlow
(tensorflow/python/ops/math_ops.py, 2.21) by n (row G18). It is recognised where people call it in a model.
"""

from __future__ import annotations

from typing import Any

from paragone.layers.base import Function, LayerKind, Setting, Settings, Sizes, Spelling


def _axes(given: Any, rank: int) -> tuple[int, ...]:
    if given is None or given == ():
        return tuple(range(rank))
    several: tuple[Any, ...] = tuple(given) if isinstance(given, (tuple, list)) else (given,)
    return tuple(int(axis) % rank for axis in several)


def reads_torch(a: Any, _sizes: Sizes) -> Settings:
    """The axes and the correction of torch.var and torch.std."""
    given: Any = a.dim
    correction: Any = a.correction
    if isinstance(given, bool):  # var(unbiased)
        given, correction = None, int(given)
    if a.unbiased is not None:
        correction = int(a.unbiased)
    return {"axes": _axes(given, len(a.input.shape)), "correction": int(correction), "keepdims": bool(a.keepdim)}


def reads_jax(a: Any, _sizes: Sizes) -> Settings:
    """The axes and the correction of NumPy's functions in JAX."""
    correction: Any = a.ddof if a.correction is None else a.correction
    return {"axes": _axes(a.axis, len(a.a.shape)), "correction": int(correction), "keepdims": bool(a.keepdims)}


def reads_tensorflow(a: Any, _sizes: Sizes) -> Settings:
    """The axes; the correction is always 0."""
    return {"axes": _axes(a.axis, len(a.x.shape)), "correction": 0, "keepdims": bool(a.keepdims)}


def variance(ops: Any, inputs: tuple[Any, ...], s: Any, _weights: Any) -> Any:
    """The mean of squared distances from the mean."""
    (x,) = inputs
    n = 1
    for axis in s.axes:
        n = n * int(x.shape[axis])
    away = x - ops.mean(x, s.axes)
    return ops.reduce_sum(away * away, s.axes, keepdims=s.keepdims) / float(n - s.correction)


LAYER = LayerKind(
    "var",
    {
        "tensorflow": Spelling(
            functions=(
                Function(
                    ("tensorflow.math.reduce_variance",), "x, axis=None, keepdims=False, name=None", reads_tensorflow
                ),
                Function(
                    ("keras.src.backend.tensorflow.numpy.var",), "x, axis=None, keepdims=False, **_", reads_tensorflow
                ),
            ),
        ),
        "torch": Spelling(
            functions=(
                Function(
                    ("torch.var", "torch.Tensor.var"),
                    "input, dim=None, unbiased=None, keepdim=False, *, correction=1",
                    reads_torch,
                ),
            ),
        ),
        "jax": Spelling(
            functions=(
                Function(
                    ("jax.numpy.var",),
                    "a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=None, mean=None, "
                    "correction=None",
                    reads_jax,
                    lambda a: a.where is None,
                ),
            ),
        ),
    },
    settings=(Setting("correction", "variance-correction", "G18"),),
    compute=variance,
)
