"""Hard Swish, also called hard SiLU: x · relu6(x + 3) / 6.

The same in keras.activations.hard_silu (3.15), torch.nn.functional.hardswish (2.13) and jax.nn.hard_swish (0.10).
"""

from __future__ import annotations

from paragone.activations.base import activation, called, named

LAYER = activation(
    "hard_swish",
    "x · min(max(x + 3, 0), 6) / 6",
    named("hard_silu"),
    called("F.hardswish({0})"),
    called("nnx.hard_swish({0})"),
)
