"""Standard deviation over axes: the mean of squared distances from the mean, and its root.

PyTorch divides by n - 1 by default (torch.std, 2.13), NumPy, JAX (jax/_src/numpy/reductions.py, 0.10) and TensorFlow
(tensorflow/python/ops/math_ops.py, 2.21) by n (row G18). It is recognised where people call it in a model.
"""

from __future__ import annotations

from typing import Any

from paragone.layers.base import Function, LayerKind, Setting, Spelling
from paragone.recognised.var import reads_jax, reads_tensorflow, reads_torch, variance


def _compute(ops: Any, inputs: tuple[Any, ...], s: Any, weights: Any) -> Any:
    return ops.sqrt(variance(ops, inputs, s, weights))


LAYER = LayerKind(
    "std",
    {
        "tensorflow": Spelling(
            functions=(
                Function(("tensorflow.math.reduce_std",), "x, axis=None, keepdims=False, name=None", reads_tensorflow),
                Function(
                    ("keras.src.backend.tensorflow.numpy.std",), "x, axis=None, keepdims=False, **_", reads_tensorflow
                ),
            ),
        ),
        "torch": Spelling(
            functions=(
                Function(
                    ("torch.std", "torch.Tensor.std"),
                    "input, dim=None, unbiased=None, keepdim=False, *, correction=1",
                    reads_torch,
                ),
            ),
        ),
        "jax": Spelling(
            functions=(
                Function(
                    ("jax.numpy.std",),
                    "a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, *, where=None, mean=None, "
                    "correction=None",
                    reads_jax,
                    lambda a: a.where is None,
                ),
            ),
        ),
    },
    settings=(Setting("correction", "variance-correction", "G18"),),
    compute=_compute,
)
