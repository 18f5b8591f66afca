"""What recurrent layers have in common: options, shapes, masks, both directions, and where their weights are.

A mask is True where a step counts. A masked step carries the state on, so that it repeats the output before it (zeros
before the first step that counts); the last output is that of the last step that counts. In both directions at once,
with all outputs wanted, a masked step gives zeros: so does Keras (`Bidirectional` sets `zero_output_for_mask`,
keras/src/layers/rnn/bidirectional.py, 3.15), and so does a packed sequence of PyTorch. Going backwards gives the
outputs in the order in which they were computed, as Keras and `nnx.RNN(reverse=True)` do
(flax/nnx/nn/recurrent.py, 0.12).

The mask is that of this layer alone. Keras hands the mask that a layer is given on with its outputs: to recurrent
layers, to attention and to the loss (keras/src/layers/layer.py, `_set_mask_metadata`, 3.15; row H8).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from paragone.initialisers.base import Start
from paragone.spelling.code import Code, construct, unless
from paragone.spelling.entry import CanonicalWeight, Options, Size, UnfitError
from paragone.spelling.recurrent_helpers import FREEZE, LAST, MASKED, MASKED_BOTH, MASKED_LAST, PACK, REPEATED, ZEROED
from paragone.spelling.site import Site
from paragone.spelling.spelled import Helper, Note, Placed, Spelled, Step
from paragone.task.tensor import Tensor

Shape = tuple[int, ...]


class Recurrent(Options):
    """Options that all recurrent layers have."""

    units: Size
    return_sequences: bool = False
    bidirectional: bool = False
    go_backwards: bool = False
    use_bias: bool = True


def check_mask(mask: Tensor, time: int) -> None:
    """A mask has one truth value for each step.

    Raises:
        UnfitError: it has not.
    """
    if mask != Tensor((time,), "bool"):
        raise UnfitError(f"a mask {Tensor((time,), 'bool').words()}", mask.words())


EXAMPLES: tuple[Mapping[str, Any], ...] = (
    {"units": 3, "shape": (5, 2)},
    {"units": 2, "return_sequences": True, "use_bias": False, "shape": (4, 3)},
    {"units": 2, "bidirectional": True, "shape": (4, 3)},
    {"units": 2, "go_backwards": True, "return_sequences": True, "shape": (3, 2)},
    {"units": 3, "shapes": ((5, 2), (5,)), "kinds": ("float", "bool")},
    {"units": 2, "return_sequences": True, "bidirectional": True, "shapes": ((4, 2), (4,)), "kinds": ("float", "bool")},
)
"""For the manual and the tests of every recurrent layer."""


def output(options: Recurrent, inputs: tuple[Tensor, ...]) -> Tensor:
    """The last output, or that of every step; both directions side by side.

    Raises:
        UnfitError: the input is no sequence, the mask does not fit it, or the options do not go together.
    """
    if len(inputs[0].shape) != 2 or inputs[0].kind != "float":
        raise UnfitError("a sequence (time, feature) of floating numbers", inputs[0].words())
    for mask in inputs[1:]:
        check_mask(mask, inputs[0].shape[0])
    if options.bidirectional and options.go_backwards:
        raise UnfitError("one of bidirectional and go_backwards", "both", "go_backwards")
    features = options.units * (1 + options.bidirectional)
    return Tensor((inputs[0].shape[0], features) if options.return_sequences else (features,))


def directions(options: Recurrent) -> tuple[str, ...]:
    """What stands before the name of a weight."""
    return ("forward_", "backward_") if options.bidirectional else ("",)


def weights(
    options: Recurrent, inputs: tuple[Tensor, ...], gates: int, biases: Sequence[CanonicalWeight] | None = None
) -> tuple[CanonicalWeight, ...]:
    """The canonical weights in each direction: a kernel, a recurrent kernel, biases; the gates stand side by side.

    Args:
        options: of the layer.
        inputs: of the layer.
        gates: number of them.
        biases: other biases than one that starts with zeros.
    """
    features, width = inputs[0].shape[-1], gates * options.units
    start = Start("glorot_uniform", features, width)
    kernel = CanonicalWeight("kernel_io", (features, width), start, "kernel_initializer", regularised=True)
    start = Start("orthogonal", options.units, width)
    recurrent = CanonicalWeight(
        "recurrent_kernel_io", (options.units, width), start, "recurrent_initializer", regularised=True
    )
    if not options.use_bias:
        biases = ()
    elif biases is None:
        biases = (CanonicalWeight("bias", (width,), Start("zeros"), "bias_initializer"),)
    found = (kernel, recurrent, *biases)
    return tuple(replace(one, role=f"{way}{one.role}") for way in directions(options) for one in found)


def products(
    inputs: tuple[tuple[int, ...], ...], _output: tuple[int, ...], weights: Mapping[str, tuple[int, ...]]
) -> float:
    """At every step each kernel is multiplied once, in each direction, whether the step is masked or not."""
    return float(inputs[0][0] * sum(math.prod(shape) for shape in weights.values() if len(shape) > 1))


def _both(site: Site, placed: Sequence[Placed], where: Callable[[str, Placed], Placed]) -> tuple[Placed, ...]:
    """The places of the weights in each direction."""
    o: Recurrent = site.options
    kept = [one for one in placed if o.use_bias or "bias" not in one.role]
    return tuple(replace(where(way, one), role=f"{way}{one.role}") for way in directions(o) for one in kept)


# ---------------------------------------------------------------------- Keras
_HANDED_ON = Note(
    "H8", "only a copy keeps Keras from handing the mask on to the layers after this one, and to the loss"
)


def keras(site: Site, name: str, steps: tuple[Step, ...] = (), biases: tuple[Placed, ...] = (), **more: Any) -> Spelled:
    """A recurrent layer in Keras.

    Args:
        site: of the layer.
        name: of the class.
        steps: bring the gates to the canonical order, along the last axis.
        biases: where the biases are, if it is more than one.
        more: further arguments.
    """
    o: Recurrent = site.options
    made = construct(
        f"layers.{name}",
        o.units,
        return_sequences=unless(False, o.return_sequences),
        go_backwards=unless(False, o.go_backwards),
        use_bias=unless(True, o.use_bias),
        **more,
    )
    placed = (
        Placed("kernel_io", "kernel", steps, None, "kernel_initializer", "glorot_uniform", True, "kernel_regularizer"),
        replace(
            Placed("recurrent_kernel_io", "recurrent_kernel", steps, None, "recurrent_initializer", "orthogonal"),
            regulariser="recurrent_regularizer",
        ),
        *(biases or (Placed("bias", "bias", argument="bias_initializer", default="zeros"),)),
    )
    if o.bidirectional:
        made = construct("layers.Bidirectional", made)
    call = "{layer}({0}, mask={1})" if len(site.inputs) > 1 else "{layer}({0})"
    handed_on = site.matched and len(site.inputs) > 1 and o.return_sequences
    return Spelled(
        made,
        f"ops.copy({call})" if handed_on else call,
        placed=_both(site, placed, _in_keras),
        notes=(_HANDED_ON,) if handed_on else (),
    )


def _in_keras(way: str, one: Placed) -> Placed:
    if not way:
        return replace(one, path=f"cell.{one.path}")
    regulariser = one.regulariser and f"0.{one.regulariser}"
    return replace(one, path=f"{way}layer.cell.{one.path}", argument=f"0.{one.argument}", regulariser=regulariser)


# ---------------------------------------------------------------------- PyTorch
TRANSPOSED: Step = ("transpose", (1, 0))


def torch(site: Site, name: str, biases: tuple[Placed, ...] = (), states: str = "[1]") -> Spelled:
    """A recurrent layer in PyTorch.

    Args:
        site: of the layer.
        name: of the class.
        biases: where the biases are, if both are used.
        states: from the layer's result to the last states of each direction.
    """
    o: Recurrent = site.options
    placed = (
        Placed("kernel_io", "weight_ih_l0", (TRANSPOSED,), native=True),
        Placed("recurrent_kernel_io", "weight_hh_l0", (TRANSPOSED,)),
        *(biases or (Placed("bias", "bias_ih_l0"),)),
    )
    made = construct(
        f"nn.{name}",
        site.channels,
        o.units,
        bias=unless(True, o.use_bias),
        batch_first=True,
        bidirectional=unless(False, o.bidirectional),
    )
    second = o.use_bias and not biases
    frozen = site.matched and second
    ways = ("", "_reverse") if o.bidirectional else ("",)
    call, helpers = _torch_call(site, states)
    return Spelled(
        made,
        call,
        "last",
        placed=_both(site, placed, _in_torch),
        helpers=(*helpers, *((FREEZE,) if frozen else ())),
        zeros=tuple(f"bias_hh_l0{way}" for way in ways) if second and not frozen else (),
        setup=(f"{FREEZE.name}({{layer}})",) if frozen else (),
    )


def _in_torch(way: str, one: Placed) -> Placed:
    return replace(one, path=f"{one.path}_reverse" if way.startswith("backward") else one.path)


def _torch_call(site: Site, states: str) -> tuple[str, tuple[Helper, ...]]:
    o: Recurrent = site.options
    x, mask = flipped("{0}", o, "torch"), flipped("{1}", o, "torch")
    if len(site.inputs) == 1:
        if o.return_sequences:
            return f"{{layer}}({x})[0]", ()
        if o.bidirectional:
            return f"torch.cat(tuple({{layer}}({x}){states}), -1)", ()
        return f"{{layer}}({x})[0][:, -1]", ()
    packed = f"{{layer}}({PACK.name}({x}, {mask}))"
    if not o.return_sequences:
        return f"{LAST.name}({packed}{states}, {mask})", (PACK, LAST)
    unpack = ZEROED if o.bidirectional else REPEATED
    return f"{unpack.name}({packed}[0], {mask})", (PACK, unpack)


def flipped(value: str, options: Recurrent, framework: str) -> str:
    """A value of the sequence, from the last step to the first where the layer goes backwards."""
    if not options.go_backwards:
        return value
    return f"{value}.flip(1)" if framework == "torch" else f"{value}[:, ::-1]"


# ---------------------------------------------------------------------- JAX
def flax_cell(biased: str, start: str = "zeros") -> tuple[Placed, ...]:
    """Where a cell keeps its weights.

    Args:
        biased: the part that has the bias.
        start: how the bias starts by itself.
    """
    return (
        Placed("kernel_io", "dense_i.kernel", (), None, "kernel_init", "lecun_normal", True),
        Placed("recurrent_kernel_io", "dense_h.kernel", (), None, "recurrent_kernel_init", "orthogonal"),
        Placed("bias", f"{biased}.bias", (), None, "bias_init", start),
    )


def without_bias(cell: str, part: str, own: Helper | None = None) -> Helper:
    """A cell without the bias of one part: one of Flax, or one that the side brings."""
    parent = cell if own else f"nnx.{cell}"
    return Helper(
        f"Unbiased{cell}",
        f'''
class Unbiased{cell}({parent}):
    """The cell without its bias."""

    def __init__(self, in_features: int, hidden_features: int, **kwargs: Any) -> None:
        super().__init__(in_features, hidden_features, **kwargs)
        self.{part}.bias = None
        self.{part}.use_bias = False
''',
        Note("H4", f"{parent} always has a bias"),
        ("from typing import Any",),
        (own,) if own else (),
    )


def jax(
    site: Site,
    cell: str,
    placed: tuple[Placed, ...],
    carry: str = "{}",
    helpers: tuple[Helper, ...] = (),
    **more: Any,
) -> Spelled:
    """A recurrent layer in Flax.

    Args:
        site: of the layer.
        cell: its class.
        placed: where the weights are in the cell.
        carry: from the last carry in each direction, `{}`, to the last states.
        helpers: that the cell needs.
        more: further arguments of the cell.
    """
    o: Recurrent = site.options
    masked = len(site.inputs) > 1
    one = construct(cell, site.channels, o.units, **more, rngs=Code("rngs"))
    if o.bidirectional:
        made = construct("nnx.Bidirectional", construct("nnx.RNN", one), construct("nnx.RNN", one))
    else:
        made = construct("nnx.RNN", one, reverse=unless(False, o.go_backwards and not masked))
    call, callees = _masked_call(o) if masked else (_jax_call(o, carry), ())
    return Spelled(made, call, placed=_both(site, placed, _in_jax), helpers=(*helpers, *callees))


def _in_jax(way: str, one: Placed) -> Placed:
    cell = {"": "0", "forward_": "0.0", "backward_": "1.0"}[way]
    path = f"{way}rnn.cell.{one.path}" if way else f"cell.{one.path}"
    return replace(one, path=path, argument=f"{cell}.{one.argument}")


def _jax_call(options: Recurrent, carry: str) -> str:
    if options.return_sequences:
        return "{layer}({0})"
    if options.bidirectional:
        return f"jnp.concatenate({carry.format('{layer}({0}, return_carry=True)[0]')}, axis=-1)"
    return "{layer}({0})[:, -1]"


def _masked_call(options: Recurrent) -> tuple[str, tuple[Helper, ...]]:
    x, mask = flipped("{0}", options, "jax"), flipped("{1}", options, "jax")
    if options.bidirectional:
        helper = MASKED_BOTH if options.return_sequences else MASKED_LAST
        return f"{helper.name}({{layer}}, {{0}}, {{1}})", (helper,)
    call = f"{MASKED.name}({{layer}}, {x}, {mask})"
    return call if options.return_sequences else f"{call}[:, -1]", (MASKED,)
