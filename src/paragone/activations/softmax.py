"""Softmax over the last axis.

The default axis is the last in Keras (keras/src/activations/activations.py, 3.15) and JAX (jax/_src/nn/functions.py,
0.10); PyTorch wants `dim` to be said (torch/nn/functional.py, 2.13; row C6), and its channels stand at 1 in images.
"""

from __future__ import annotations

from typing import Any

from paragone.activations.base import activation, axis_of, called, dim_of, over_channels, seen
from paragone.activations.exact import log_softmax
from paragone.layers.base import Setting
from paragone.spelling.code import construct
from paragone.spelling.spelled import Spelled


def _compute(ops: Any, inputs: tuple[Any, ...], s: Any, _weights: Any) -> Any:
    (x,) = inputs
    return ops.exp(log_softmax(ops, x, getattr(s, "native", s.axis)))


LAYER = activation(
    "softmax",
    "exp(x) / Σ exp(x), over the last axis",
    lambda _: Spelled(construct("layers.Softmax"), argument='"softmax"'),
    over_channels("F.softmax"),
    called("nnx.softmax({0})"),
    rows=("C6",),
    compute=_compute,
    settings=(Setting("axis", "softmax-axis", "C6", -1),),
    found={
        "tensorflow": seen("tensorflow", "Softmax", "softmax", "x, axis=-1, **_", reads=axis_of),
        "torch": seen("torch", "Softmax", "softmax", "input, dim=None, _stacklevel=3, dtype=None", reads=dim_of),
        "jax": seen("jax", "", "softmax", "x, axis=-1, **_", reads=axis_of),
    },
)
