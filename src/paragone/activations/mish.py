"""Mish: x · tanh(softplus(x)).

The same in keras.activations.mish (3.15), torch.nn.functional.mish (2.13) and jax.nn.mish (0.10). Row C5.
"""

from __future__ import annotations

from paragone.activations.base import activation, called, named

LAYER = activation(
    "mish",
    "x · tanh(log(1 + exp(x)))",
    named("mish"),
    called("F.mish({0})"),
    called("jax.nn.mish({0})"),
)
