"""Hard Swish, also called hard SiLU: x · relu6(x + 3) / 6.

The same in keras.activations.hard_silu (3.15), torch.nn.functional.hardswish (2.13) and jax.nn.hard_swish (0.10).
"""

from __future__ import annotations

from typing import Any

from paragone.activations.base import activation, called, named, seen


def _compute(ops: Any, inputs: tuple[Any, ...], _settings: Any, _weights: Any) -> Any:
    (x,) = inputs
    return x * ops.minimum(ops.maximum(x + 3.0, 0.0), 6.0) / 6.0


LAYER = activation(
    "hard_swish",
    "x · min(max(x + 3, 0), 6) / 6",
    named("hard_silu"),
    called("F.hardswish({0})"),
    called("nnx.hard_swish({0})"),
    compute=_compute,
    found={
        "tensorflow": seen("tensorflow", "", "hard_silu hard_swish"),
        "torch": seen("torch", "Hardswish", "hardswish", "input, inplace=False"),
        "jax": seen("jax", "", "hard_silu hard_swish"),
    },
)
