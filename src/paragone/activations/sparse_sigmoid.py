"""Sparse sigmoid: 0 up to -1, (x + 1) / 2 between, 1 from 1 on.

The same in keras.activations.sparse_sigmoid (3.15) and jax.nn.sparse_sigmoid (0.10), except for the derivative at
exactly -1 and 1: 0 in Keras, 1/4 in JAX. Canonical is 0. PyTorch has none (torch/nn/functional.py, 2.13).
"""

from __future__ import annotations

from paragone.activations.base import activation, helped, named
from paragone.spelling.site import Site
from paragone.spelling.spelled import Helper, Note, Spelled

_TORCH = Helper(
    "sparse_sigmoid",
    '''
def sparse_sigmoid(x: torch.Tensor) -> torch.Tensor:
    """0 up to -1, (x + 1) / 2 between, 1 from 1 on."""
    return F.hardtanh(x) / 2 + 0.5
''',
    Note("C8", "PyTorch has no sparse sigmoid"),
)
_JAX = Helper(
    "sparse_sigmoid",
    '''
def sparse_sigmoid(x: jax.Array) -> jax.Array:
    """0 up to -1, (x + 1) / 2 between, 1 from 1 on."""
    return jnp.where(jnp.abs(x) < 1.0, (x + 1.0) / 2, jnp.heaviside(x, 0.0))
''',
    Note("C9", "the derivative of jax.nn.sparse_sigmoid at exactly -1 and 1 is 1/4, elsewhere it is 0"),
)


def _jax(site: Site) -> Spelled:
    if site.matched:
        return Spelled(call="sparse_sigmoid({0})", helpers=(_JAX,))
    return Spelled(call="jax.nn.sparse_sigmoid({0})")


LAYER = activation(
    "sparse_sigmoid",
    "0 for x ≤ -1, (x + 1) / 2 between, 1 for x ≥ 1",
    named("sparse_sigmoid"),
    helped(_TORCH),
    _jax,
    rows=("C9",),
)
