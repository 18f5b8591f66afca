"""Embedding: a row of a table for each whole number.

Canonical weights: `table` (entries, features). Default initialisers differ by a factor of 34 in scale: U(±0.05) in
Keras (keras/src/layers/core/embedding.py, 3.15), N(0, 1) in PyTorch (torch/nn/modules/sparse.py, 2.13), standard
deviation 1/sqrt(features) in Flax (flax/nnx/nn/linear.py, 0.12).

On TensorFlow the gradient of Keras' layer keeps entries that repeat in a batch apart, and the optimizers and the
clipping square them one by one (keras/src/backend/tensorflow/sparse.py, 3.15; row E25): `matched` looks the rows up
with a product, whose gradient is dense.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from paragone.initialisers.base import Start
from paragone.layers.base import Attribute, LayerKind, Spelling, Weight, no_products
from paragone.layers.functional import with_function
from paragone.spelling.code import Code, construct
from paragone.spelling.entry import CanonicalWeight, Entry, Options, Size, UnfitError
from paragone.spelling.site import Site, Write
from paragone.spelling.spelled import Helper, Note, Placed, Spelled
from paragone.task.tensor import Tensor


class Embedding(Options):
    """Options of an embedding; `vocabulary_size`: how many different numbers there are, from 0."""

    vocabulary_size: Size
    units: Size


def _output(options: Embedding, inputs: tuple[Tensor, ...]) -> Tensor:
    if inputs[0].kind != "int":
        raise UnfitError("an input of whole numbers", inputs[0].words())
    return Tensor((*inputs[0].shape, options.units))


def _weights(options: Embedding, _inputs: tuple[Tensor, ...]) -> tuple[CanonicalWeight, ...]:
    shape = (options.vocabulary_size, options.units)
    return (CanonicalWeight("table", shape, Start("uniform"), "embeddings_initializer"),)


ALONE, SUMMED = "squared one by one", "summed first"
"""What an optimizer squares where an entry repeats in a batch."""
DENSE = Helper(
    "DenseEmbedding",
    '''
class DenseEmbedding(layers.Embedding):
    """An embedding whose gradient is a whole table, in which repeated entries are added up."""

    def call(self, inputs):
        return ops.one_hot(inputs, self.input_dim, dtype=self.embeddings.dtype) @ self.embeddings
''',
    Note("E25", "Keras' optimizers square the gradients of an entry that repeats in a batch one by one"),
)


def _keras(site: Site) -> Spelled:
    o: Embedding = site.options
    placed = Placed("table", "embeddings", argument="embeddings_initializer", default="uniform")
    callee, helpers = (DENSE.name, (DENSE,)) if site.matched else ("layers.Embedding", ())
    return Spelled(construct(callee, o.vocabulary_size, o.units), placed=(placed,), helpers=helpers)


def _torch(site: Site) -> Spelled:
    o: Embedding = site.options
    made = construct("nn.Embedding", o.vocabulary_size, o.units)
    return Spelled(made, layout="last", placed=(Placed("table", "weight"),))


def _jax(site: Site) -> Spelled:
    o: Embedding = site.options
    made = construct("nnx.Embed", o.vocabulary_size, o.units, rngs=Code("rngs"))
    return Spelled(made, placed=(Placed("table", "embedding", argument="embedding_init"),))


def _no_mask(layer: Any, _masks: bool) -> None:
    """Keras writes the mask into the graph of a functional model, as a comparison with 0 of what the layer takes.

    keras/src/layers/layer.py and keras/src/models/functional.py, Keras 3.15. There the comparison says True everywhere.
    """
    layer.mask_zero = False
    takers = (
        node
        for own in layer._inbound_nodes
        for tensor in own.input_tensors
        for node in tensor._keras_history.operation._outbound_nodes
    )
    for node in takers:
        compared = node.arguments.args[1:]
        if type(node.operation).__name__ == "NotEqual" and compared == (0,):
            node.operation.call = lambda tokens, _zero: (tokens == 0) | (tokens != 0)


def _spelling(name: str, table: str, write: Write, row: str = "", mask: str = "", repeated: str = SUMMED) -> Spelling:
    """Recognised with its two ways of padding (row H8): a row that does not learn, and a mask that goes on.

    And with what becomes of the gradients of entries that repeat (row E25).
    """
    sparse = repeated == ALONE
    masks = Attribute("masks_zero", mask, "embedding-mask", "H8", bool, fixed=False)
    traits = (
        Attribute("repeated_entries", "", "embedding-repeated-entries", "E25", fixed=repeated, settable=sparse),
        Attribute("padding_row", row, "embedding-padding", "H8", fixed=None, settable=bool(row)),
        replace(masks, settable=bool(mask), toward=False, writes=_no_mask),
    )
    return Spelling((name,), (Weight("table", table),), traits, write)


LAYER = LayerKind(
    "embedding",
    {
        "tensorflow": _spelling("Embedding", "embeddings", _keras, mask="mask_zero", repeated=ALONE),
        "torch": with_function(
            _spelling("Embedding", "weight", _torch, row="padding_idx"),
            "torch.nn.functional.embedding",
            "input, weight, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False",
            padding_row="padding_idx",
        ),
        "jax": _spelling("Embed", "embedding", _jax),
    },
    Entry(
        "y = table[number]",
        Embedding,
        _output,
        _weights,
        rows=("A6", "E25", "H8"),
        examples=(
            {"vocabulary_size": 7, "units": 3, "shape": (5,), "kinds": ("int",), "high": 7},
            {"vocabulary_size": 4, "units": 2, "shape": (), "kinds": ("int",), "high": 4},
        ),
    ),
    products=no_products,
)
