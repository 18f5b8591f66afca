"""L2 normalisation: each vector along the last axis is divided by its length.

PyTorch divides by max(length, 1e-12) (torch.nn.functional.normalize, 2.13, over axis 1 by default); Keras' layer
multiplies by min(1 / length, 1e12), the same but for vectors of length 0, whose gradient is not a number
(keras/src/ops/nn.py, 3.15; row B14). JAX has none (jax/nn/__init__.py, 0.10).
"""

from __future__ import annotations

from paragone.layers.base import LayerKind, Spelling
from paragone.spelling.code import construct
from paragone.spelling.entry import Entry, NoOptions, UnfitError
from paragone.spelling.site import Site
from paragone.spelling.spelled import Helper, Note, Spelled
from paragone.task.tensor import Tensor

_KERAS = Helper(
    "l2_normalize",
    '''
def l2_normalize(x):
    """The vectors along the last axis over their lengths, where these are above 1e-12."""
    square = ops.sum(ops.square(x), axis=-1, keepdims=True)
    return x * ops.rsqrt(ops.maximum(square, 1e-24))
''',
    Note("B14", "the gradient of Keras' own normalisation is not a number for a vector of zeros"),
)
_JAX = Helper(
    "l2_normalize",
    '''
def l2_normalize(x: jax.Array) -> jax.Array:
    """The vectors along the last axis over their lengths, where these are above 1e-12."""
    square = jnp.square(x).sum(axis=-1, keepdims=True)
    return x * jax.lax.rsqrt(jnp.maximum(square, 1e-24))
''',
    Note("B14", "JAX has no L2 normalisation"),
)


def _output(_options: NoOptions, inputs: tuple[Tensor, ...]) -> Tensor:
    if not inputs[0].shape or inputs[0].kind != "float":
        raise UnfitError("an input of floating numbers with at least one axis", inputs[0].words())
    return inputs[0]


def _keras(site: Site) -> Spelled:
    if site.matched:
        return Spelled(call="l2_normalize({0})", helpers=(_KERAS,))
    return Spelled(construct("layers.UnitNormalization"))


def _torch(site: Site) -> Spelled:
    first = site.layout == "first" or not site.rank
    return Spelled(call="F.normalize({0})" if first else "F.normalize({0}, dim=-1)")


LAYER = LayerKind(
    "l2_normalize",
    {
        "tensorflow": Spelling(write=_keras),
        "torch": Spelling(write=_torch),
        "jax": Spelling(write=lambda _: Spelled(call="l2_normalize({0})", helpers=(_JAX,))),
    },
    Entry(
        "x / max(√Σx², 1e-12), over the last axis",
        NoOptions,
        _output,
        rows=("B14",),
        examples=({"shape": (7,)}, {"shape": (4, 5, 3)}),
    ),
)
