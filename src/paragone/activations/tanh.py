"""Hyperbolic tangent.

The same in keras.activations.tanh (3.15), torch.tanh (2.13) and jax.numpy.tanh (0.10).
"""

from __future__ import annotations

from typing import Any

from paragone.activations.base import activation, called, named, seen


def _compute(ops: Any, inputs: tuple[Any, ...], _settings: Any, _weights: Any) -> Any:
    (x,) = inputs
    return ops.tanh(x)


LAYER = activation(
    "tanh",
    "tanh(x)",
    named("tanh"),
    called("torch.tanh({0})"),
    called("nnx.tanh({0})"),
    compute=_compute,
    found={
        "tensorflow": seen("tensorflow", "", "tanh"),
        "torch": seen("torch", "Tanh", "tanh"),
        "jax": seen("jax", "", "tanh"),
    },
)
