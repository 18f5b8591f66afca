"""Softmin: softmax of -x, over the last axis.

torch.nn.functional.softmin (2.13) has it; Keras (3.15) and JAX (0.10) take the softmax of the negative. Row C6 for the
axis.
"""

from __future__ import annotations

from paragone.activations.base import activation, called, over_channels

LAYER = activation(
    "softmin",
    "exp(-x) / Σ exp(-x), over the last axis",
    called("ops.softmax(ops.negative({0}))"),
    over_channels("F.softmin"),
    called("nnx.softmax(jnp.negative({0}))"),
    rows=("C6",),
)
