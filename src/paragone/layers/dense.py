"""Dense: y = x · kernel + bias, over the last axis.

Canonical weights: `kernel_io` (in, out), `bias` (out). PyTorch stores the kernel as (out, in)
(torch.nn.Linear, torch 2.13). Default initialisers differ: Glorot uniform and zeros in Keras
(keras/src/layers/core/dense.py, 3.15), U(±1/sqrt(in)) for both in PyTorch (torch/nn/modules/linear.py, 2.13), LeCun
normal and zeros in Flax NNX (flax/nnx/nn/linear.py, 0.12).
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from paragone.initialisers.base import Start
from paragone.layers.base import LayerKind, Sizes, Spelling, Weight
from paragone.layers.functional import product_functions, torch_linear
from paragone.spelling.code import Code, construct, unless
from paragone.spelling.entry import CanonicalWeight, Entry, Options, Size, UnfitError
from paragone.spelling.site import Site
from paragone.spelling.spelled import Placed, Spelled
from paragone.task.tensor import Tensor

_PLAIN = (Weight("kernel_io", "kernel"), Weight("bias", "bias"))


class Dense(Options):
    """Options of a dense layer."""

    units: Size
    use_bias: bool = True


def _output(options: Dense, inputs: tuple[Tensor, ...]) -> Tensor:
    if not inputs[0].shape or inputs[0].kind != "float":
        raise UnfitError("an input of floating numbers with at least one axis", inputs[0].words())
    return Tensor((*inputs[0].shape[:-1], options.units))


def _weights(options: Dense, inputs: tuple[Tensor, ...]) -> tuple[CanonicalWeight, ...]:
    shape = (inputs[0].shape[-1], options.units)
    kernel = CanonicalWeight(
        "kernel_io", shape, Start("glorot_uniform", *shape), "kernel_initializer", regularised=True
    )
    bias = CanonicalWeight("bias", shape[1:], Start("zeros"), "bias_initializer")
    return (kernel, bias) if options.use_bias else (kernel,)


def _keras(site: Site) -> Spelled:
    o: Dense = site.options
    placed = (
        Placed(
            "kernel_io",
            "kernel",
            argument="kernel_initializer",
            default="glorot_uniform",
            native=True,
            regulariser="kernel_regularizer",
        ),
        Placed("bias", "bias", argument="bias_initializer", default="zeros"),
    )
    made = construct("layers.Dense", o.units, use_bias=unless(True, o.use_bias))
    return Spelled(made, placed=placed[: 1 + o.use_bias], fuses=True)


def _torch(site: Site) -> Spelled:
    o: Dense = site.options
    placed = (Placed("kernel_io", "weight", (("transpose", (1, 0)),), native=True), Placed("bias", "bias"))
    made = construct("nn.Linear", site.channels, o.units, bias=unless(True, o.use_bias))
    return Spelled(made, layout="last", placed=placed[: 1 + o.use_bias])


def _jax(site: Site) -> Spelled:
    o: Dense = site.options
    placed = (
        Placed("kernel_io", "kernel", argument="kernel_init", default="lecun_normal", native=True),
        Placed("bias", "bias", argument="bias_init", default="zeros"),
    )
    made = construct("nnx.Linear", site.channels, o.units, use_bias=unless(True, o.use_bias), rngs=Code("rngs"))
    return Spelled(made, placed=placed[: 1 + o.use_bias])


def _products(_inputs: tuple[Sizes, ...], output: Sizes, weights: Mapping[str, Sizes]) -> float:
    """Every number of the output is a sum over the last axis of the input."""
    return float(math.prod(output) * weights["kernel_io"][0])


LAYER = LayerKind(
    "dense",
    {
        "tensorflow": Spelling(("Dense",), _PLAIN, write=_keras, open=True, functions=product_functions("tensorflow")),
        "torch": Spelling(
            ("Linear",),
            (Weight("kernel_io", "weight", output_first=True), Weight("bias", "bias")),
            write=_torch,
            functions=(torch_linear(), *product_functions("torch")),
        ),
        "jax": Spelling(("Linear",), _PLAIN, write=_jax, functions=product_functions("jax")),
    },
    Entry(
        "y = x · kernel + bias, over the last axis",
        Dense,
        _output,
        _weights,
        rows=("A1", "A2", "G10"),
        examples=(
            {"units": 5, "shape": (7,)},
            {"units": 3, "use_bias": False, "shape": (4, 6)},
        ),
    ),
    products=_products,
)
