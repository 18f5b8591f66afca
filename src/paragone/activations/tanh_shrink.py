"""Tanh shrinkage: x - tanh(x).

The same in keras.activations.tanh_shrink (3.15) and torch.nn.functional.tanhshrink (2.13); JAX has none
(jax/nn/__init__.py, 0.10).
"""

from __future__ import annotations

from typing import Any

from paragone.activations.base import activation, called, helped, named, seen
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


def _compute(ops: Any, inputs: tuple[Any, ...], _settings: Any, _weights: Any) -> Any:
    (x,) = inputs
    return x - ops.tanh(x)


LAYER = activation(
    "tanh_shrink",
    "x - tanh(x)",
    named("tanh_shrink"),
    called("F.tanhshrink({0})"),
    helped(_JAX),
    compute=_compute,
    found={"tensorflow": seen("tensorflow", "", "tanh_shrink"), "torch": seen("torch", "Tanhshrink", "tanhshrink")},
)
