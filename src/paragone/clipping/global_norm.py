"""Clipping by the global norm: all gradients are scaled down together until their common norm is at most the limit.

`global_clipnorm` of Keras' optimizers (keras/src/optimizers/base_optimizer.py, 3.15) and optax.clip_by_global_norm
(optax/transforms/_clipping.py, 0.2.8) agree; torch.nn.utils.clip_grad_norm_ divides by the norm plus 1e-6
(torch/nn/utils/clip_grad.py, 2.13; row E19).
"""

from __future__ import annotations

from paragone.clipping.base import ClippingKind, ClippingSpelled
from paragone.spelling.code import construct, number
from paragone.spelling.entry import Options, Positive
from paragone.spelling.site import Chosen
from paragone.spelling.spelled import Helper, Note


class GlobalNorm(Options):
    """Options of clipping by the global norm."""

    limit: Positive


_TORCH = Helper(
    "clip_by_global_norm",
    '''
def clip_by_global_norm(parameters: Iterable[nn.Parameter], limit: float) -> None:
    """Scale all gradients together until their common norm is at most the limit."""
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    scale = (limit / nn.utils.get_total_norm(gradients)).clamp(max=1.0)
    for gradient in gradients:
        gradient.mul_(scale)
''',
    Note("E19", "PyTorch's own adds 1e-6 to the norm"),
    ("from collections.abc import Iterable",),
)


def _torch(site: Chosen) -> ClippingSpelled:
    limit = number(site.options.limit)
    if site.matched:
        return ClippingSpelled(statements=(f"clip_by_global_norm(model.parameters(), {limit})",), helpers=(_TORCH,))
    return ClippingSpelled(statements=(f"nn.utils.clip_grad_norm_(model.parameters(), {limit})",))


def _jax(site: Chosen) -> ClippingSpelled:
    return ClippingSpelled(transformation=construct("optax.clip_by_global_norm", site.options.limit).code())


CLIPPING = ClippingKind(
    "global_norm",
    "every g · min(1, limit / norm of all gradients)",
    GlobalNorm,
    {
        "tensorflow": lambda site: ClippingSpelled({"global_clipnorm": site.options.limit}),
        "torch": _torch,
        "jax": _jax,
    },
    rows=("E19",),
    examples=({"limit": 0.05}, {"limit": 0.5}),
)
