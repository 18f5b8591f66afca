"""Square: x².

The same in keras.ops.square (3.15), torch.square (2.13) and jax.numpy.square (0.10).
"""

from __future__ import annotations

from typing import Any

from paragone.activations.base import activation, called, seen


def _compute(_ops: Any, inputs: tuple[Any, ...], _settings: Any, _weights: Any) -> Any:
    (x,) = inputs
    return x * x


LAYER = activation(
    "square",
    "x²",
    called("ops.square({0})"),
    called("torch.square({0})"),
    called("jnp.square({0})"),
    compute=_compute,
    found={
        "tensorflow": seen("tensorflow", "", "square"),
        "torch": seen("torch", "", "square"),
        "jax": seen("jax", "", "square"),
    },
)
