"""LSTM: i, f, o = σ(…), g = tanh(…); c' = f · c + i · g; h' = o · tanh(c'), from states of zeros.

What stands in … is x · kernel + h · recurrent_kernel + bias. Canonical weights: `kernel_io` (in, 4 units),
`recurrent_kernel_io` (units, 4 units), `bias` (4 units), with the gates in the order i, f, g, o, which all three
frameworks have (row H1). Keras has one bias, which starts with ones for the forget gate
(keras/src/layers/rnn/lstm.py, 3.15; row A9); PyTorch has two (torch/nn/modules/rnn.py, 2.13; row H4);
`nnx.OptimizedLSTMCell` has one, zeros, beside the recurrent kernel (flax/nnx/nn/recurrent.py, 0.12). Masks and
directions: `paragone.spelling.recurrent`.
"""

from __future__ import annotations

from dataclasses import replace

from paragone.initialisers.base import Start
from paragone.layers.base import LayerKind
from paragone.layers.running import lay_keras, lay_torch
from paragone.layers.whole import batch_first, flax_batch_first, flax_biases, flax_cell, one_bias, trained_biases, whole
from paragone.spelling import recurrent
from paragone.spelling.code import Code
from paragone.spelling.entry import CanonicalWeight, Entry
from paragone.spelling.recurrent import EXAMPLES, Recurrent
from paragone.spelling.site import Site
from paragone.spelling.spelled import Helper, Note, Placed, Spelled
from paragone.task.tensor import Tensor


class Lstm(Recurrent):
    """Options of an LSTM; `unit_forget_bias`: the bias of the forget gate starts with ones."""

    unit_forget_bias: bool = True


_UNIT_FORGET = "zeros, ones for the forget gate"
"""The name of the start of the bias; it is said by the layer itself, not by an initialiser."""
_TORCH_START = Helper(
    "start_biases",
    '''
def start_biases(layer: nn.LSTM) -> None:
    """Zeros, and ones for the forget gate."""
    for name, weight in layer.named_parameters():
        if name.startswith("bias_ih"):
            nn.init.zeros_(weight).data.chunk(4)[1].fill_(1.0)
''',
    Note("A9", "PyTorch has no start of its own for the forget gate"),
)
_JAX_START = Helper(
    "unit_forget_bias",
    '''
def unit_forget_bias(
    key: jax.Array, shape: tuple[int, ...], dtype: jax.typing.DTypeLike = jnp.float32
) -> jax.Array:
    """Zeros, and ones for the forget gate."""
    return jnp.zeros(shape, dtype).at[shape[0] // 4 : shape[0] // 2].set(1.0)
''',
    Note("A9", "Flax would start the forget gate's bias with zeros too"),
)


def _weights(options: Lstm, inputs: tuple[Tensor, ...]) -> tuple[CanonicalWeight, ...]:
    start = Start(_UNIT_FORGET) if options.unit_forget_bias else Start("zeros")
    return recurrent.weights(options, inputs, 4, (CanonicalWeight("bias", (4 * options.units,), start),))


def _says_start(site: Site) -> bool:
    """Whether the forget gate's ones are said by the layer."""
    o: Lstm = site.options
    return o.use_bias and o.unit_forget_bias and (site.matched or "unit_forget_bias" in o.model_fields_set)


def _start(site: Site) -> str:
    return _UNIT_FORGET if site.options.unit_forget_bias else ""


def _keras(site: Site) -> Spelled:
    biases = (Placed("bias", "bias", argument="bias_initializer", default=_start(site) or "zeros"),)
    return recurrent.keras(site, "LSTM", biases=biases, unit_forget_bias=site.given("unit_forget_bias", True))


def _torch(site: Site) -> Spelled:
    spelled = recurrent.torch(site, "LSTM", states="[1][0]")
    placed = tuple(replace(one, default=_start(site)) if "bias" in one.role else one for one in spelled.placed)
    if not _says_start(site):
        return replace(spelled, placed=placed)
    setup = (*spelled.setup, f"{_TORCH_START.name}({{layer}})")
    return replace(spelled, placed=placed, setup=setup, helpers=(*spelled.helpers, _TORCH_START))


def _jax(site: Site) -> Spelled:
    placed = recurrent.flax_cell("dense_h", start=_start(site) or "zeros")
    states = "[h for _, h in {}]"
    if not site.options.use_bias:
        helper = recurrent.without_bias("OptimizedLSTMCell", "dense_h")
        return recurrent.jax(site, helper.name, placed, states, (helper,))
    if not _says_start(site):
        return recurrent.jax(site, "nnx.OptimizedLSTMCell", placed, states)
    bias = {"bias_init": Code(_JAX_START.name)}
    return recurrent.jax(site, "nnx.OptimizedLSTMCell", placed, states, (_JAX_START,), **bias)


LAYER = LayerKind(
    "lstm",
    {
        "tensorflow": whole("LSTM", (batch_first(), one_bias()), _keras, lay=lay_keras),
        "torch": whole("LSTM", (batch_first("batch_first"), trained_biases()), _torch, lay=lay_torch),
        "jax": flax_cell("LSTMCell OptimizedLSTMCell", (flax_batch_first(), flax_biases()), _jax),
    },
    Entry(
        "i, f, o = σ(…), g = tanh(…); c' = f · c + i · g; h' = o · tanh(c'); a masked step carries the states on",
        Lstm,
        recurrent.output,
        _weights,
        n_inputs=(1, 2),
        rows=("A7", "A8", "A9", "H1", "H4", "H5", "H6", "H8", "H12"),
        examples=(*EXAMPLES, {"units": 3, "unit_forget_bias": False, "shape": (4, 2)}),
    ),
    products=recurrent.products,
)
