"""SiLU, also called Swish: x · sigmoid(x).

The same in keras.activations.silu (3.15), torch.nn.functional.silu (2.13) and jax.nn.silu (0.10). Row C5.
"""

from __future__ import annotations

from typing import Any

from paragone.activations.base import activation, called, named, seen


def _compute(ops: Any, inputs: tuple[Any, ...], _settings: Any, _weights: Any) -> Any:
    (x,) = inputs
    return x * ops.sigmoid(x)


LAYER = activation(
    "silu",
    "x · sigmoid(x)",
    named("silu"),
    called("F.silu({0})"),
    called("nnx.silu({0})"),
    compute=_compute,
    found={
        "tensorflow": seen("tensorflow", "", "silu swish"),
        "torch": seen("torch", "SiLU", "silu", "input, inplace=False"),
        "jax": seen("jax", "", "silu swish"),
    },
)
