"""Tanh shrinkage: x - tanh(x).

The same in keras.activations.tanh_shrink (3.15) and torch.nn.functional.tanhshrink (2.13); JAX has none
(jax/nn/__init__.py, 0.10).
"""

from __future__ import annotations

from paragone.activations.base import activation, called, helped, named
from paragone.spelling.spelled import Helper, Note

_JAX = Helper(
    "tanh_shrink",
    '''
def tanh_shrink(x: jax.Array) -> jax.Array:
    """x - tanh(x)."""
    return x - jnp.tanh(x)
''',
    Note("C8", "JAX has no tanh shrinkage"),
)

LAYER = activation("tanh_shrink", "x - tanh(x)", named("tanh_shrink"), called("F.tanhshrink({0})"), helped(_JAX))
