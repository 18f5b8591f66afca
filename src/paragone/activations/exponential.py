"""Exponential.

The same in keras.activations.exponential (3.15), torch.exp (2.13) and jax.numpy.exp (0.10).
"""

from __future__ import annotations

from paragone.activations.base import activation, called, named

LAYER = activation(
    "exponential",
    "exp(x)",
    named("exponential"),
    called("torch.exp({0})"),
    called("jnp.exp({0})"),
)
