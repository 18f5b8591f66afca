"""Softsign: x / (1 + |x|).

The same in keras.activations.softsign (3.15), torch.nn.functional.softsign (2.13) and jax.nn.soft_sign (0.10).
"""

from __future__ import annotations

from typing import Any

from paragone.activations.base import activation, called, named, seen


def _compute(ops: Any, inputs: tuple[Any, ...], _settings: Any, _weights: Any) -> Any:
    (x,) = inputs
    return x / (1.0 + ops.abs(x))


LAYER = activation(
    "softsign",
    "x / (1 + |x|)",
    named("softsign"),
    called("F.softsign({0})"),
    called("nnx.soft_sign({0})"),
    compute=_compute,
    found={
        "tensorflow": seen("tensorflow", "", "softsign"),
        "torch": seen("torch", "Softsign", "softsign"),
        "jax": seen("jax", "", "soft_sign"),
    },
)
