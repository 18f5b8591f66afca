"""ReLU6: min(max(x, 0), 6).

The same in keras.activations.relu6 (3.15), torch.nn.functional.relu6 (2.13) and jax.nn.relu6 (0.10).
All take 0 for the derivative at 0 and at 6. In Keras it is also `layers.ReLU(max_value=6)` (row C8).
"""

from __future__ import annotations

from typing import Any

from paragone.activations.base import activation, called, named, seen


def _compute(ops: Any, inputs: tuple[Any, ...], _settings: Any, _weights: Any) -> Any:
    (x,) = inputs
    return ops.minimum(ops.maximum(x, 0.0), 6.0)


LAYER = activation(
    "relu6",
    "min(max(x, 0), 6)",
    named("relu6"),
    called("F.relu6({0})"),
    called("nnx.relu6({0})"),
    compute=_compute,
    found={
        "tensorflow": seen("tensorflow", "", "relu6"),
        "torch": seen("torch", "ReLU6", "relu6", "input, inplace=False"),
        "jax": seen("jax", "", "relu6"),
    },
)
