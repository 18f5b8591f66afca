"""Exponential.

The same in keras.activations.exponential (3.15), torch.exp (2.13) and jax.numpy.exp (0.10).
"""

from __future__ import annotations

from typing import Any

from paragone.activations.base import activation, called, named, seen


def _compute(ops: Any, inputs: tuple[Any, ...], _settings: Any, _weights: Any) -> Any:
    (x,) = inputs
    return ops.exp(x)


LAYER = activation(
    "exponential",
    "exp(x)",
    named("exponential"),
    called("torch.exp({0})"),
    called("jnp.exp({0})"),
    compute=_compute,
    found={
        "tensorflow": seen("tensorflow", "", "exp"),
        "torch": seen("torch", "", "exp"),
        "jax": seen("jax", "", "exp"),
    },
)
