"""SiLU, also called Swish: x · sigmoid(x).

The same in keras.activations.silu (3.15), torch.nn.functional.silu (2.13) and jax.nn.silu (0.10). Row C5.
"""

from __future__ import annotations

from paragone.activations.base import activation, called, named

LAYER = activation(
    "silu",
    "x · sigmoid(x)",
    named("silu"),
    called("F.silu({0})"),
    called("nnx.silu({0})"),
)
