"""Sigmoid: 1 / (1 + exp(-x)).

The same in keras.activations.sigmoid (3.15), torch.sigmoid (2.13) and jax.nn.sigmoid (0.10).
"""

from __future__ import annotations

from paragone.activations.base import activation, called, named

LAYER = activation(
    "sigmoid",
    "1 / (1 + exp(-x))",
    named("sigmoid"),
    called("torch.sigmoid({0})"),
    called("nnx.sigmoid({0})"),
)
