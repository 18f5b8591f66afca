"""Clipping by value: every element of a gradient is brought between -limit and limit.

`clipvalue` of Keras' optimizers (keras/src/optimizers/base_optimizer.py, 3.15), torch.nn.utils.clip_grad_value_ (2.13),
optax.clip (0.2.8).
"""

from __future__ import annotations

from paragone.clipping.base import ClippingKind, ClippingSpelled
from paragone.spelling.code import construct, number
from paragone.spelling.entry import Options, Positive
from paragone.spelling.site import Chosen


class Value(Options):
    """Options of clipping by value."""

    limit: Positive


def _torch(site: Chosen) -> ClippingSpelled:
    return ClippingSpelled(statements=(f"nn.utils.clip_grad_value_(model.parameters(), {number(site.options.limit)})",))


CLIPPING = ClippingKind(
    "value",
    "g = min(max(g, -limit), limit)",
    Value,
    {
        "tensorflow": lambda site: ClippingSpelled({"clipvalue": site.options.limit}),
        "torch": _torch,
        "jax": lambda site: ClippingSpelled(transformation=construct("optax.clip", site.options.limit).code()),
    },
    examples=({"limit": 0.05}, {"limit": 0.5}),
)
