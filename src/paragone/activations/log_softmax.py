"""Log-softmax over the last axis: x - log Σ exp(x).

The default axis is the last in Keras (keras/src/activations/activations.py, 3.15) and JAX (jax/_src/nn/functions.py,
0.10); PyTorch wants `dim` to be said (torch/nn/functional.py, 2.13; row C6), and its channels stand at 1 in images.
"""

from __future__ import annotations

from typing import Any

from paragone.activations.base import activation, axis_of, called, dim_of, named, over_channels, seen
from paragone.activations.exact import log_softmax
from paragone.layers.base import Setting


def _compute(ops: Any, inputs: tuple[Any, ...], s: Any, _weights: Any) -> Any:
    (x,) = inputs
    return log_softmax(ops, x, getattr(s, "native", s.axis))


LAYER = activation(
    "log_softmax",
    "x - log Σ exp(x), over the last axis",
    named("log_softmax"),
    over_channels("F.log_softmax"),
    called("nnx.log_softmax({0})"),
    rows=("C6",),
    compute=_compute,
    settings=(Setting("axis", "softmax-axis", "C6", -1),),
    found={
        "tensorflow": seen("tensorflow", "", "log_softmax", "x, axis=-1, **_", reads=axis_of),
        "torch": seen("torch", "LogSoftmax", "log_softmax", "input, dim=None, _stacklevel=3, dtype=None", reads=dim_of),
        "jax": seen("jax", "", "log_softmax", "x, axis=-1, **_", reads=axis_of),
    },
)
