"""Positional embedding: a learned table of (time, feature) is added to the sequence.

Canonical weights: `table` (time, feature), which starts from U(±0.05). Keras has no such layer of its own (3.15), so
its sides bring one; PyTorch and Flax keep the table in the layer that they use for embeddings, whose defaults are
N(0, 1) and N(0, 1/feature) (row A6).
"""

from __future__ import annotations

from paragone.initialisers.base import Start
from paragone.layers.base import LayerKind, Spelling, no_products
from paragone.spelling.code import Code, construct
from paragone.spelling.entry import CanonicalWeight, Entry, NoOptions, UnfitError
from paragone.spelling.site import Site
from paragone.spelling.spelled import Helper, Note, Placed, Spelled
from paragone.task.tensor import Tensor


def _output(_options: NoOptions, inputs: tuple[Tensor, ...]) -> Tensor:
    if len(inputs[0].shape) != 2 or inputs[0].kind != "float":
        raise UnfitError("a sequence (time, feature) of floating numbers", inputs[0].words())
    return inputs[0]


def _weights(_options: NoOptions, inputs: tuple[Tensor, ...]) -> tuple[CanonicalWeight, ...]:
    return (CanonicalWeight("table", inputs[0].shape, Start("uniform"), "embeddings_initializer"),)


_KERAS = Helper(
    "PositionalEmbedding",
    '''
class PositionalEmbedding(layers.Layer):
    """Adds a learned vector to each step of a sequence."""

    def __init__(self, embeddings_initializer="uniform", **kwargs):
        super().__init__(**kwargs)
        self.embeddings_initializer = embeddings_initializer

    def build(self, input_shape):
        self.embeddings = self.add_weight(
            shape=input_shape[1:], initializer=self.embeddings_initializer, name="embeddings"
        )

    def call(self, x):
        return x + self.embeddings
''',
    Note("A6", "Keras has no layer for a table of positions; its tables start from U(±0.05)"),
    ("from keras import layers",),
)


def _keras(_site: Site) -> Spelled:
    placed = Placed("table", "embeddings", argument="embeddings_initializer", default="uniform")
    return Spelled(construct(_KERAS.name), placed=(placed,), helpers=(_KERAS,))


def _torch(site: Site) -> Spelled:
    return Spelled(
        construct("nn.Embedding", *site.inputs[0].shape),
        "{0} + {layer}.weight",
        "last",
        placed=(Placed("table", "weight"),),
    )


def _jax(site: Site) -> Spelled:
    return Spelled(
        construct("nnx.Embed", *site.inputs[0].shape, rngs=Code("rngs")),
        "{0} + {layer}.embedding[...]",
        placed=(Placed("table", "embedding", argument="embedding_init"),),
    )


LAYER = LayerKind(
    "positional_embedding",
    {"tensorflow": Spelling(write=_keras), "torch": Spelling(write=_torch), "jax": Spelling(write=_jax)},
    Entry(
        "y[time] = x[time] + table[time]",
        NoOptions,
        _output,
        _weights,
        rows=("A6",),
        examples=({"shape": (5, 3)}, {"shape": (1, 2)}),
    ),
    products=no_products,
)
