"""Sigmoid: 1 / (1 + exp(-x)).

The same in keras.activations.sigmoid (3.15), torch.sigmoid (2.13) and jax.nn.sigmoid (0.10).
"""

from __future__ import annotations

from typing import Any

from paragone.activations.base import activation, called, named, seen


def _compute(ops: Any, inputs: tuple[Any, ...], _settings: Any, _weights: Any) -> Any:
    (x,) = inputs
    return ops.sigmoid(x)


LAYER = activation(
    "sigmoid",
    "1 / (1 + exp(-x))",
    named("sigmoid"),
    called("torch.sigmoid({0})"),
    called("nnx.sigmoid({0})"),
    compute=_compute,
    found={
        "tensorflow": seen("tensorflow", "", "sigmoid"),
        "torch": seen("torch", "Sigmoid", "sigmoid"),
        "jax": seen("jax", "", "sigmoid"),
    },
)
