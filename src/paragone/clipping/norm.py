"""Clipping by norm: the gradient of every parameter for itself is scaled down until its norm is at most the limit.

`clipnorm` of Keras' optimizers (keras/src/optimizers/base_optimizer.py, 3.15; row E19). PyTorch's clip_grad_norm_,
called for each parameter, divides by the norm plus 1e-6 (torch/nn/utils/clip_grad.py, 2.13); Optax 0.2.8 has none.
Where a framework keeps two of the task's weights in one array, their norm is taken together.
"""

from __future__ import annotations

from paragone.clipping.base import ClippingKind, ClippingSpelled
from paragone.spelling.code import Code, number
from paragone.spelling.entry import Options, Positive
from paragone.spelling.site import Chosen
from paragone.spelling.spelled import Helper, Note


class Norm(Options):
    """Options of clipping by norm."""

    limit: Positive


_TORCH = Helper(
    "clip_by_norm",
    '''
def clip_by_norm(parameters: Iterable[nn.Parameter], limit: float) -> None:
    """Scale every gradient for itself until its norm is at most the limit."""
    for parameter in parameters:
        if parameter.grad is not None:
            parameter.grad.mul_((limit / parameter.grad.norm()).clamp(max=1.0))
''',
    Note("E19", "PyTorch's own adds 1e-6 to the norm"),
    ("from collections.abc import Iterable",),
)
_JAX = Helper(
    "clip_by_norm",
    '''
def clip_by_norm(limit: float) -> optax.GradientTransformation:
    """Scale every gradient for itself until its norm is at most the limit."""

    def clip(gradient: jax.Array) -> jax.Array:
        return gradient * jnp.minimum(1.0, limit / jnp.sqrt(jnp.sum(gradient**2)))

    return optax.stateless(lambda grads, params: jax.tree.map(clip, grads))
''',
    Note("E19", "Optax clips the norm of all gradients together"),
)


def _torch(site: Chosen) -> ClippingSpelled:
    limit = site.options.limit
    if site.matched:
        return ClippingSpelled(statements=(f"clip_by_norm(model.parameters(), {number(limit)})",), helpers=(_TORCH,))
    loop = f"for parameter in model.parameters():\n    nn.utils.clip_grad_norm_(parameter, {number(limit)})"
    return ClippingSpelled(statements=(loop,))


def _jax(site: Chosen) -> ClippingSpelled:
    return ClippingSpelled(transformation=Code(f"clip_by_norm({site.options.limit!r})"), helpers=(_JAX,))


CLIPPING = ClippingKind(
    "norm",
    "g · min(1, limit / |g|), for each parameter",
    Norm,
    {
        "tensorflow": lambda site: ClippingSpelled({"clipnorm": site.options.limit}),
        "torch": _torch,
        "jax": _jax,
    },
    rows=("E19",),
    examples=({"limit": 0.05}, {"limit": 0.5}),
)
