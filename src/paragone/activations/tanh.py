"""Hyperbolic tangent.

The same in keras.activations.tanh (3.15), torch.tanh (2.13) and jax.numpy.tanh (0.10).
"""

from __future__ import annotations

from paragone.activations.base import activation, called, named

LAYER = activation(
    "tanh",
    "tanh(x)",
    named("tanh"),
    called("torch.tanh({0})"),
    called("nnx.tanh({0})"),
)
