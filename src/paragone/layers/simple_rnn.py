"""Simple recurrent layer: h' = tanh(x · kernel + h · recurrent_kernel + bias), from a state of zeros.

Canonical weights: `kernel_io` (in, units), `recurrent_kernel_io` (units, units), `bias` (units). Keras has one bias
(keras/src/layers/rnn/simple_rnn.py, 3.15), PyTorch two of which the sum counts (torch/nn/modules/rnn.py, 2.13; row
H4), `nnx.SimpleCell` one on the input (flax/nnx/nn/recurrent.py, 0.12). Masks and directions:
`paragone.spelling.recurrent`.
"""

from __future__ import annotations

from paragone.layers.base import LayerKind
from paragone.layers.running import lay_keras, lay_torch
from paragone.layers.whole import batch_first, flax_batch_first, flax_biases, flax_cell, one_bias, trained_biases, whole
from paragone.spelling import recurrent
from paragone.spelling.entry import CanonicalWeight, Entry
from paragone.spelling.recurrent import EXAMPLES, Recurrent
from paragone.spelling.site import Site
from paragone.spelling.spelled import Spelled
from paragone.task.tensor import Tensor


class SimpleRnn(Recurrent):
    """Options of a simple recurrent layer."""


def _weights(options: SimpleRnn, inputs: tuple[Tensor, ...]) -> tuple[CanonicalWeight, ...]:
    return recurrent.weights(options, inputs, 1)


def _keras(site: Site) -> Spelled:
    return recurrent.keras(site, "SimpleRNN")


def _torch(site: Site) -> Spelled:
    return recurrent.torch(site, "RNN")


def _jax(site: Site) -> Spelled:
    placed = recurrent.flax_cell("dense_i")
    if site.options.use_bias:
        return recurrent.jax(site, "nnx.SimpleCell", placed)
    helper = recurrent.without_bias("SimpleCell", "dense_i")
    return recurrent.jax(site, helper.name, placed, helpers=(helper,))


LAYER = LayerKind(
    "simple_rnn",
    {
        "tensorflow": whole("SimpleRNN", (batch_first(), one_bias()), _keras, lay=lay_keras),
        "torch": whole("RNN", (batch_first("batch_first"), trained_biases()), _torch, lay=lay_torch),
        "jax": flax_cell("SimpleCell", (flax_batch_first(), flax_biases()), _jax),
    },
    Entry(
        "h' = tanh(x · kernel + h · recurrent_kernel + bias); a masked step carries the state on",
        SimpleRnn,
        recurrent.output,
        _weights,
        n_inputs=(1, 2),
        rows=("A7", "A8", "H4", "H5", "H6", "H8", "H12"),
        examples=EXAMPLES,
    ),
    products=recurrent.products,
)
