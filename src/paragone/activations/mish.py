"""Mish: x · tanh(softplus(x)).

The same in keras.activations.mish (3.15), torch.nn.functional.mish (2.13) and jax.nn.mish (0.10). Row C5.
"""

from __future__ import annotations

from typing import Any

from paragone.activations.base import activation, called, named, seen
from paragone.activations.exact import softplus


def _compute(ops: Any, inputs: tuple[Any, ...], _settings: Any, _weights: Any) -> Any:
    (x,) = inputs
    return x * ops.tanh(softplus(ops, x))


LAYER = activation(
    "mish",
    "x · tanh(log(1 + exp(x)))",
    named("mish"),
    called("F.mish({0})"),
    called("jax.nn.mish({0})"),
    compute=_compute,
    found={
        "tensorflow": seen("tensorflow", "", "mish"),
        "torch": seen("torch", "Mish", "mish", "input, inplace=False"),
        "jax": seen("jax", "", "mish"),
    },
)
