"""Softsign: x / (1 + |x|).

The same in keras.activations.softsign (3.15), torch.nn.functional.softsign (2.13) and jax.nn.soft_sign (0.10).
"""

from __future__ import annotations

from paragone.activations.base import activation, called, named

LAYER = activation(
    "softsign",
    "x / (1 + |x|)",
    named("softsign"),
    called("F.softsign({0})"),
    called("nnx.soft_sign({0})"),
)
