"""GRU: r, z = σ(…), h' = (1 - z) · n + z · h, from a state of zeros; the reset gate acts after or before the kernel.

`reset_after` (the default): n = tanh(x · kernel + bias + r · (h · recurrent_kernel + recurrent_bias)), which is what
cuDNN and PyTorch compute. Otherwise n = tanh(x · kernel + bias + (r · h) · recurrent_kernel), with one bias: the first
form of 2014. Canonical weights: `kernel_io` (in, 3 units), `recurrent_kernel_io` (units, 3 units), `bias` and, with
`reset_after`, `recurrent_bias` (3 units), with the gates in the order r, z, n of PyTorch and Flax; Keras has z, r, n
(row H2; keras/src/layers/rnn/gru.py, 3.15; torch/nn/modules/rnn.py, 2.13; flax/nnx/nn/recurrent.py, 0.12). PyTorch has
only `reset_after`; `nnx.GRUCell` has it without the recurrent bias (row H3). Masks and directions:
`paragone.spelling.recurrent`.
"""

from __future__ import annotations

from dataclasses import replace

from paragone.initialisers.base import Start
from paragone.layers.base import LayerKind
from paragone.layers.running import lay_keras, lay_torch
from paragone.layers.whole import batch_first, flax_batch_first, flax_cell, reset, whole
from paragone.spelling import recurrent
from paragone.spelling.code import construct, unless
from paragone.spelling.entry import CanonicalWeight, Entry
from paragone.spelling.recurrent import EXAMPLES, TRANSPOSED, Recurrent, flipped
from paragone.spelling.site import Site
from paragone.spelling.spelled import Helper, Note, Placed, Spelled, Stacked
from paragone.task.tensor import Tensor


class Gru(Recurrent):
    """Options of a GRU."""

    reset_after: bool = True


def _weights(options: Gru, inputs: tuple[Tensor, ...]) -> tuple[CanonicalWeight, ...]:
    bias = CanonicalWeight("bias", (3 * options.units,), Start("zeros"), "bias_initializer")
    biases = (bias, replace(bias, role="recurrent_bias")) if options.reset_after else (bias,)
    return recurrent.weights(options, inputs, 3, biases)


# ---------------------------------------------------------------------- Keras


def _keras(site: Site) -> Spelled:
    o: Gru = site.options
    kernel = (("blocks", (1, 1, 0, 2)),)
    flat = (("reshape", (3 * o.units,)),) if o.reset_after else ()
    bias = Placed("bias", "bias", (*flat, ("blocks", (0, 1, 0, 2))), None, "bias_initializer", "zeros")
    biases: tuple[Placed, ...] = (bias,)
    if o.reset_after:
        bias = replace(bias, stacked=Stacked((2, 3 * o.units)))
        biases = (replace(bias, part=(0, 0, 1)), replace(bias, role="recurrent_bias", part=(0, 1, 2)))
    return recurrent.keras(site, "GRU", kernel, biases, reset_after=site.given("reset_after", True))


# ---------------------------------------------------------------------- PyTorch

_RESET_BEFORE = Helper(
    "ResetBeforeGRU",
    '''
class ResetBeforeGRU(nn.Module):
    """A GRU whose reset gate acts on the state before the recurrent kernel does."""

    def __init__(self, input_size: int, hidden_size: int, bias: bool = True) -> None:
        super().__init__()
        self.input = nn.Linear(input_size, 3 * hidden_size, bias=bias)
        self.recurrent = nn.Linear(hidden_size, 3 * hidden_size, bias=False)

    def forward(self, x: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
        """Outputs of all steps; a masked step repeats the output before it."""
        size = self.recurrent.in_features
        gates, candidate = self.recurrent.weight.split((2 * size, size))
        state = x.new_zeros(len(x), size)
        states = []
        for step, value in enumerate(self.input(x).unbind(1)):
            of_gates, of_candidate = value.split((2 * size, size), -1)
            r, z = torch.sigmoid(of_gates + F.linear(state, gates)).chunk(2, -1)
            n = torch.tanh(of_candidate + F.linear(r * state, candidate))
            new = (1 - z) * n + z * state
            state = new if mask is None else torch.where(mask[:, step, None], new, state)
            states.append(state)
        return torch.stack(states, 1)
''',
    Note("H3", "nn.GRU resets after the recurrent kernel, which is another function"),
)
_BOTH_WAYS = Helper(
    "BothWays",
    '''
class BothWays(nn.Module):
    """Two layers over one sequence, from its start and from its end, side by side."""

    def __init__(
        self, forward_layer: ResetBeforeGRU, backward_layer: ResetBeforeGRU
    ) -> None:
        super().__init__()
        self.forward_layer = forward_layer
        self.backward_layer = backward_layer

    def outputs(
        self, x: torch.Tensor, mask: torch.Tensor | None = None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Outputs of both layers, each in the order in which it computed them."""
        back = None if mask is None else mask.flip(1)
        return self.forward_layer(x, mask), self.backward_layer(x.flip(1), back)

    def forward(self, x: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
        """Outputs of all steps; zeros at masked ones."""
        ahead, back = self.outputs(x, mask)
        both = torch.cat([ahead, back.flip(1)], -1)
        return both if mask is None else both * mask.unsqueeze(-1)

    def last(self, x: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
        """The last output of each layer."""
        return torch.cat([outputs[:, -1] for outputs in self.outputs(x, mask)], -1)
''',
    Note("H5", "the layer that goes backwards ends at the first step"),
    needs=(_RESET_BEFORE,),
)


def _torch(site: Site) -> Spelled:
    o: Gru = site.options
    if not o.reset_after:
        return _torch_before(site)
    return recurrent.torch(site, "GRU", (Placed("bias", "bias_ih_l0"), Placed("recurrent_bias", "bias_hh_l0")))


def _torch_before(site: Site) -> Spelled:
    o: Gru = site.options
    made = construct(_RESET_BEFORE.name, site.channels, o.units, bias=unless(True, o.use_bias))
    given = ", ".join(flipped(value, o, "torch") for value in ("{0}", "{1}")[: len(site.inputs)])
    call = f"{{layer}}({given})" if o.return_sequences else f"{{layer}}({given})[:, -1]"
    if o.bidirectional:
        made = construct(_BOTH_WAYS.name, made, made)
        call = f"{{layer}}({given})" if o.return_sequences else f"{{layer}}.last({given})"
    places = (
        Placed("kernel_io", "input.weight", (TRANSPOSED,), native=True),
        Placed("recurrent_kernel_io", "recurrent.weight", (TRANSPOSED,)),
        Placed("bias", "input.bias"),
    )[: 2 + o.use_bias]
    placed = tuple(
        replace(one, role=f"{way}{one.role}", path=f"{way}layer.{one.path}" if way else one.path)
        for way in recurrent.directions(o)
        for one in places
    )
    helper = _BOTH_WAYS if o.bidirectional else _RESET_BEFORE
    return Spelled(made, call, "last", placed=placed, helpers=(helper,))


# ---------------------------------------------------------------------- JAX

_CELL_AFTER = Helper(
    "ResetAfterGRUCell",
    '''
class ResetAfterGRUCell(nnx.GRUCell):
    """A GRU cell with a recurrent bias, on which the reset gate acts as well."""

    def __init__(
        self,
        in_features: int,
        hidden_features: int,
        *,
        kernel_init: nnx.Initializer = nnx.initializers.lecun_normal(),
        recurrent_kernel_init: nnx.Initializer = nnx.initializers.orthogonal(),
        bias_init: nnx.Initializer = nnx.initializers.zeros,
        rngs: nnx.Rngs,
    ) -> None:
        super().__init__(
            in_features, hidden_features, kernel_init=kernel_init, bias_init=bias_init, rngs=rngs
        )
        self.dense_h = nnx.Linear(
            hidden_features,
            3 * hidden_features,
            kernel_init=recurrent_kernel_init,
            bias_init=bias_init,
            rngs=rngs,
        )
''',
    Note("H3", "nnx.GRUCell has no recurrent bias"),
)
_CELL_BEFORE = Helper(
    "ResetBeforeGRUCell",
    '''
class ResetBeforeGRUCell(nnx.GRUCell):
    """A GRU cell whose reset gate acts on the state before the recurrent kernel does."""

    def __call__(self, carry: jax.Array, inputs: jax.Array) -> tuple[jax.Array, jax.Array]:
        of_r, of_z, of_n = jnp.split(self.dense_i(inputs), 3, axis=-1)
        to_r, to_z, to_n = jnp.split(self.dense_h.kernel[...], 3, axis=-1)
        r = nnx.sigmoid(of_r + carry @ to_r)
        z = nnx.sigmoid(of_z + carry @ to_z)
        n = nnx.tanh(of_n + (r * carry) @ to_n)
        state = (1 - z) * n + z * carry
        return state, state
''',
    Note("H3", "nnx.GRUCell resets after the recurrent kernel, which is another function"),
)


def _jax(site: Site) -> Spelled:
    o: Gru = site.options
    placed = recurrent.flax_cell("dense_i")
    if not o.reset_after:
        return _jax_before(site, placed)
    if not o.use_bias:
        helper = recurrent.without_bias("GRUCell", "dense_i")
        return recurrent.jax(site, helper.name, placed, helpers=(helper,))
    if not site.matched and "reset_after" not in o.model_fields_set:
        return recurrent.jax(site, "nnx.GRUCell", placed)
    second = replace(placed[-1], role="recurrent_bias", path="dense_h.bias")
    return recurrent.jax(site, _CELL_AFTER.name, (*placed, second), helpers=(_CELL_AFTER,))


def _jax_before(site: Site, placed: tuple[Placed, ...]) -> Spelled:
    if site.options.use_bias:
        return recurrent.jax(site, _CELL_BEFORE.name, placed, helpers=(_CELL_BEFORE,))
    helper = recurrent.without_bias(_CELL_BEFORE.name, "dense_i", own=_CELL_BEFORE)
    return recurrent.jax(site, helper.name, placed, helpers=(helper,))


LAYER = LayerKind(
    "gru",
    {
        "tensorflow": whole("GRU", (batch_first(), reset("reset_after")), _keras, lay=lay_keras),
        "torch": whole("GRU", (batch_first("batch_first"), reset(settable=True)), _torch, lay=lay_torch),
        "jax": flax_cell("GRUCell", (flax_batch_first(), reset(settable=True)), _jax),
    },
    Entry(
        "r, z = σ(…), n = tanh(… + r · (h · recurrent_kernel + recurrent_bias)), or tanh(… + (r · h) · "
        "recurrent_kernel); h' = (1 - z) · n + z · h; a masked step carries the state on",
        Gru,
        recurrent.output,
        _weights,
        n_inputs=(1, 2),
        rows=("A7", "A8", "H2", "H3", "H5", "H6", "H8", "H12"),
        examples=(
            *EXAMPLES,
            {"units": 3, "reset_after": False, "shape": (4, 2)},
            {
                "units": 2,
                "reset_after": False,
                "bidirectional": True,
                "shapes": ((4, 2), (4,)),
                "kinds": ("float", "bool"),
            },
        ),
    ),
    products=recurrent.products,
)
