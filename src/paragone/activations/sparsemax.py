"""Sparsemax: the point of the probability simplex that is nearest to x, over the last axis.

It is max(x - t, 0) with t = max over k of (sum of the k largest - 1) / k. Keras' own takes the sum of all partial sums
instead of the last (keras/src/backend/tensorflow/nn.py, 3.15): where more than one value stays, the outputs do not add
up to 1. PyTorch (2.13) and JAX (0.10) have none.
"""

from __future__ import annotations

from paragone.activations.base import activated, activation, helped, named
from paragone.spelling.site import Impossible, Site
from paragone.spelling.spelled import Helper, Note, Spelled

_KERAS = Helper(
    "sparsemax",
    '''
def sparsemax(x):
    """The nearest probabilities to x over the last axis."""
    ordered = ops.flip(ops.sort(x, axis=-1), axis=-1)
    count = ops.cumsum(ops.ones_like(x), axis=-1)
    level = ops.max((ops.cumsum(ordered, axis=-1) - 1) / count, axis=-1, keepdims=True)
    return ops.relu(x - level)
''',
    Note("C10", "the outputs of Keras' own sparsemax do not add up to 1"),
)
_TORCH = Helper(
    "sparsemax",
    '''
def sparsemax(x: torch.Tensor, dim: int) -> torch.Tensor:
    """The nearest probabilities to x over one axis."""
    ordered = x.sort(dim=dim, descending=True).values
    count = torch.ones_like(x).cumsum(dim)
    level = ((ordered.cumsum(dim) - 1) / count).amax(dim, keepdim=True)
    return torch.relu(x - level)
''',
    Note("C10", "PyTorch has no sparsemax"),
)
_JAX = Helper(
    "sparsemax",
    '''
def sparsemax(x: jax.Array) -> jax.Array:
    """The nearest probabilities to x over the last axis."""
    ordered = jnp.sort(x, axis=-1, descending=True)
    count = jnp.arange(1, x.shape[-1] + 1)
    level = ((jnp.cumsum(ordered, axis=-1) - 1) / count).max(axis=-1, keepdims=True)
    return nnx.relu(x - level)
''',
    Note("C10", "JAX has no sparsemax"),
)


def _keras(site: Site) -> Spelled | Impossible:
    return activated(_KERAS) if site.matched else named("sparsemax")(site)


def _torch(site: Site) -> Spelled:
    return Spelled(call=f"sparsemax({{0}}, dim={1 if site.layout == 'first' else -1})", helpers=(_TORCH,))


LAYER = activation(
    "sparsemax",
    "the nearest point to x on the probability simplex, over the last axis",
    _keras,
    _torch,
    helped(_JAX),
    rows=("C6", "C10"),
)
