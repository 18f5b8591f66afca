"""Convolution over one, two or three axes (also grouped; depthwise in PyTorch and Flax is a grouped one).

Canonical weights: `kernel_spatial_io` (the spatial axes, in per group, out: `kernel_hwio` for images), `bias` (out).
PyTorch stores (out, in per group, the spatial axes) (torch/nn/modules/conv.py, 2.13). Flax has one class for every
rank: `Conv` (flax/nnx/nn/linear.py, 0.12).

`same` pads as TensorFlow does: so many places that every stride finds a window, one more at the end where their number
is odd (keras/src/layers/convolutional/base_conv.py, 3.15; jax/_src/lax/convolution.py, 0.10). PyTorch pads both sides
alike and refuses `padding="same"` with strides (torch/nn/modules/conv.py, 2.13); its usual `padding=k // 2` has the
same shape, shifted by one place (row G1), so `matched` pads with F.pad first. At stride 1 and an even kernel PyTorch's
"same" is that of TensorFlow (row G2). PyTorch has no causal padding (row G16). Flax pads "SAME" by default
(flax/nnx/nn/linear.py, 0.12), the others do not, so that the padding is always said. Keras allows no strides together
with dilation; neither does this word. Default initialisers differ: Glorot uniform in Keras, U(±1/sqrt(fan_in)) in
PyTorch, LeCun normal in Flax (row A3).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

from paragone.initialisers.base import Start
from paragone.layers.base import LayerKind, Setting, Sizes, Spelling, Weight
from paragone.layers.exact import convolution, flax_conv, keras_conv, torch_conv
from paragone.layers.functional import jax_conv_functions, keras_conv_functions, torch_conv_functions
from paragone.spelling.code import Code, construct, unless
from paragone.spelling.entry import CanonicalWeight, Entry, Options, PerAxis, Size, UnfitError
from paragone.spelling.site import Site
from paragone.spelling.spatial import Window, brief, keras_padding, torch_note, torch_padding
from paragone.spelling.spelled import Placed, Spelled
from paragone.task.tensor import Tensor

_LAST = (Weight("kernel_spatial_io", "kernel"), Weight("bias", "bias"))
_FIRST = (Weight("kernel_spatial_io", "weight", output_first=True), Weight("bias", "bias"))


class Conv(Options):
    """Options of a convolution."""

    filters: Size
    kernel_size: PerAxis
    strides: PerAxis = 1
    padding: Literal["valid", "same", "causal"] = "valid"
    dilation: PerAxis = 1
    groups: Size = 1
    use_bias: bool = True


def _output(options: Conv, inputs: tuple[Tensor, ...]) -> Tensor:
    window = Window.of(options, inputs[0])
    if options.padding == "causal" and window.rank > 1:
        raise UnfitError('"valid" or "same" where there is more than one spatial axis', '"causal"', "padding")
    channels = inputs[0].shape[-1]
    if channels % options.groups or options.filters % options.groups:
        expected = f"a divisor of {channels} channels and {options.filters} filters"
        raise UnfitError(expected, str(options.groups), "groups")
    return Tensor((*window.output, options.filters))


def _weights(options: Conv, inputs: tuple[Tensor, ...]) -> tuple[CanonicalWeight, ...]:
    window, per_group = Window.of(options, inputs[0]), inputs[0].shape[-1] // options.groups
    start = Start("glorot_uniform", window.area * per_group, window.area * options.filters)
    shape = (*window.kernel, per_group, options.filters)
    kernel = CanonicalWeight("kernel_spatial_io", shape, start, "kernel_initializer", regularised=True)
    bias = CanonicalWeight("bias", (options.filters,), Start("zeros"), "bias_initializer")
    return (kernel, bias) if options.use_bias else (kernel,)


def _keras(site: Site) -> Spelled:
    o: Conv = site.options
    window = Window.of(o, site.inputs[0])
    kernel = Placed(
        "kernel_spatial_io",
        "kernel",
        argument="kernel_initializer",
        default="glorot_uniform",
        native=True,
        regulariser="kernel_regularizer",
    )
    bias = Placed("bias", "bias", argument="bias_initializer", default="zeros")
    padding, given, notes = keras_padding(window, site.matched)
    made = construct(
        f"layers.Conv{site.rank}D",
        o.filters,
        brief(window.kernel),
        strides=unless(1, brief(window.strides)),
        padding=unless("valid", padding),
        dilation_rate=unless(1, brief(window.dilation)),
        groups=unless(1, o.groups),
        use_bias=unless(True, o.use_bias),
    )
    return Spelled(made, f"{{layer}}({given})", placed=(kernel, bias)[: 1 + o.use_bias], fuses=True, notes=notes)


def _torch(site: Site) -> Spelled:
    o: Conv = site.options
    window = Window.of(o, site.inputs[0])
    padding, given = torch_padding(window, site.matched)
    to_last = ("transpose", (*range(2, site.rank + 2), 1, 0))
    placed = (Placed("kernel_spatial_io", "weight", (to_last,), native=True), Placed("bias", "bias"))
    made = construct(
        f"nn.Conv{site.rank}d",
        site.channels,
        o.filters,
        brief(window.kernel),
        stride=unless(1, brief(window.strides)),
        padding=unless(0, padding),
        dilation=unless(1, brief(window.dilation)),
        groups=unless(1, o.groups),
        bias=unless(True, o.use_bias),
    )
    notes = (torch_note(window),) if given != "{0}" else ()
    return Spelled(made, f"{{layer}}({given})", layout="first", placed=placed[: 1 + o.use_bias], notes=notes)


def _jax(site: Site) -> Spelled:
    o: Conv = site.options
    window = Window.of(o, site.inputs[0])
    kernel = Placed("kernel_spatial_io", "kernel", argument="kernel_init", default="lecun_normal", native=True)
    bias = Placed("bias", "bias", argument="bias_init", default="zeros")
    made = construct(
        "nnx.Conv",
        site.channels,
        o.filters,
        kernel_size=window.kernel,
        strides=unless(1, brief(window.strides)),
        padding=unless("SAME", o.padding.upper()),
        kernel_dilation=unless(1, brief(window.dilation)),
        feature_group_count=unless(1, o.groups),
        use_bias=unless(True, o.use_bias),
        rngs=Code("rngs"),
    )
    return Spelled(made, placed=(kernel, bias)[: 1 + o.use_bias])


def _products(_inputs: tuple[Sizes, ...], output: Sizes, weights: Mapping[str, Sizes]) -> float:
    """Every number of the output is a sum over a window, of the channels of its group; padding counts as well."""
    return float(math.prod(output) * math.prod(weights["kernel_spatial_io"][:-1]))


LAYER = LayerKind(
    "conv",
    {
        "tensorflow": Spelling(
            ("Conv1D", "Conv2D", "Conv3D"),
            _LAST,
            write=_keras,
            reads=keras_conv,
            open=True,
            functions=keras_conv_functions(),
        ),
        "torch": Spelling(
            ("Conv1d", "Conv2d", "Conv3d"),
            _FIRST,
            write=_torch,
            reads=torch_conv,
            channels_at=1,
            functions=torch_conv_functions(),
        ),
        "jax": Spelling(("Conv",), _LAST, write=_jax, reads=flax_conv, functions=jax_conv_functions()),
    },
    Entry(
        "y = x * kernel + bias: a window of weights slides over one to three spatial axes",
        Conv,
        _output,
        _weights,
        rows=("A2", "A3", "G1", "G2", "G10", "G16", "G20"),
        examples=(
            {"filters": 4, "kernel_size": 3, "padding": "same", "shape": (7, 6, 2)},
            {"filters": 3, "kernel_size": 3, "strides": 2, "padding": "same", "shape": (8, 8, 2)},
            {"filters": 3, "kernel_size": (4, 2), "strides": (2, 1), "padding": "same", "shape": (7, 6, 1)},
            {"filters": 4, "kernel_size": 2, "padding": "same", "groups": 2, "shape": (5, 5, 4)},
            {"filters": 2, "kernel_size": 3, "dilation": 2, "use_bias": False, "shape": (9, 8, 3)},
            {"filters": 3, "kernel_size": 3, "padding": "causal", "dilation": 2, "shape": (9, 2)},
            {"filters": 3, "kernel_size": 4, "strides": 3, "shape": (9, 2)},
            {"filters": 2, "kernel_size": (2, 3, 1), "strides": 2, "padding": "same", "shape": (4, 5, 6, 2)},
            {"filters": 2, "kernel_size": (1, 3, 1), "strides": (3, 1, 3), "padding": "same", "shape": (6, 4, 3, 2)},
        ),
    ),
    (
        Setting("padding", "convolution-padding", "G1"),
        Setting("strides", "convolution-strides", None),
        Setting("dilation", "convolution-dilation", None),
        Setting("padding_mode", "padding-mode", None),
    ),
    convolution,
    products=_products,
)
