"""Depthwise convolution: every channel has windows of its own, `depth_multiplier` of them; no channel meets another.

Canonical weights: `kernel_spatial_cm` (the spatial axes, channels, multiplier), `bias` (channels · multiplier). Output
channel c · multiplier + m is window m of channel c, in every framework. Keras has layers for one and two spatial axes,
with a kernel of just that shape (keras/src/layers/convolutional/base_depthwise_conv.py, 3.15); TensorFlow takes only
equal strides there (tensorflow/python/ops/nn_impl.py, 2.21), so that other strides and three axes are a convolution in
as many groups as channels. That is what PyTorch (weight (channels · multiplier, 1, spatial); torch/nn/modules/conv.py,
2.13) and Flax (kernel (spatial, 1, channels · multiplier); flax/nnx/nn/linear.py, 0.12) write anyway (row G10).

Default starts differ by a factor of more than two (row A4). Canonical is that of a convolution in groups, with fan-in
k·k and fan-out k·k·channels·multiplier, which PyTorch and Flax compute natively; Keras' own layer reads its kernel's
shape as fan-in k·k·channels and fan-out k·k·multiplier. Padding is that of `conv`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from paragone.initialisers.base import Start
from paragone.layers.base import LayerKind, Sizes, Spelling
from paragone.spelling.code import Code, construct, unless
from paragone.spelling.entry import CanonicalWeight, Entry, Options, PerAxis, Size
from paragone.spelling.site import Site
from paragone.spelling.spatial import Padding, Window, brief, keras_padding, torch_note, torch_padding
from paragone.spelling.spelled import Placed, Spelled, Stacked
from paragone.task.tensor import Tensor


class DepthwiseConv(Options):
    """Options of a depthwise convolution."""

    kernel_size: PerAxis
    strides: PerAxis = 1
    padding: Padding = "valid"
    dilation: PerAxis = 1
    depth_multiplier: Size = 1
    use_bias: bool = True


def _output(options: DepthwiseConv, inputs: tuple[Tensor, ...]) -> Tensor:
    return Tensor((*Window.of(options, inputs[0]).output, inputs[0].shape[-1] * options.depth_multiplier))


def _weights(options: DepthwiseConv, inputs: tuple[Tensor, ...]) -> tuple[CanonicalWeight, ...]:
    window, channels = Window.of(options, inputs[0]), inputs[0].shape[-1]
    start = Start("glorot_uniform", window.area, window.area * channels * options.depth_multiplier)
    shape = (*window.kernel, channels, options.depth_multiplier)
    kernel = CanonicalWeight("kernel_spatial_cm", shape, start, "kernel_initializer", regularised=True)
    bias = CanonicalWeight("bias", (channels * options.depth_multiplier,), Start("zeros"), "bias_initializer")
    return (kernel, bias) if options.use_bias else (kernel,)


def _keras(site: Site) -> Spelled:
    """Keras' own layer; a convolution in groups where it cannot."""
    o: DepthwiseConv = site.options
    window = Window.of(o, site.inputs[0])
    padding, given, notes = keras_padding(window, site.matched)
    shared = {
        "strides": unless(1, brief(window.strides)),
        "padding": unless("valid", padding),
        "dilation_rate": unless(1, brief(window.dilation)),
        "use_bias": unless(True, o.use_bias),
    }
    bias = Placed("bias", "bias", argument="bias_initializer", default="zeros")
    if window.rank == 3 or len(set(window.strides)) > 1:
        kernel = Placed(
            "kernel_spatial_cm",
            "kernel",
            (("reshape", (*window.kernel, site.channels, o.depth_multiplier)),),
            argument="kernel_initializer",
            default="glorot_uniform",
            native=True,
            regulariser="kernel_regularizer",
            stacked=Stacked((1, *window.kernel, site.channels, o.depth_multiplier)),
        )
        made = construct(
            f"layers.Conv{site.rank}D",
            site.channels * o.depth_multiplier,
            brief(window.kernel),
            groups=unless(1, site.channels),
            **shared,
        )
        return Spelled(made, f"{{layer}}({given})", placed=(kernel, bias)[: 1 + o.use_bias], fuses=True, notes=notes)
    kernel = Placed(
        "kernel_spatial_cm", "kernel", argument="depthwise_initializer", regulariser="depthwise_regularizer"
    )
    made = construct(
        f"layers.DepthwiseConv{site.rank}D",
        brief(window.kernel),
        depth_multiplier=unless(1, o.depth_multiplier),
        **shared,
    )
    return Spelled(made, placed=(kernel, bias)[: 1 + o.use_bias], fuses=True)


def _torch(site: Site) -> Spelled:
    o: DepthwiseConv = site.options
    window = Window.of(o, site.inputs[0])
    padding, given = torch_padding(window, site.matched)
    steps = (
        ("transpose", (*range(2, site.rank + 2), 1, 0)),
        ("reshape", (*window.kernel, site.channels, o.depth_multiplier)),
    )
    stacked = Stacked((1, site.channels, o.depth_multiplier, *window.kernel), (1, 2))
    kernel = Placed("kernel_spatial_cm", "weight", steps, native=True, stacked=stacked)
    made = construct(
        f"nn.Conv{site.rank}d",
        site.channels,
        site.channels * o.depth_multiplier,
        brief(window.kernel),
        stride=unless(1, brief(window.strides)),
        padding=unless(0, padding),
        dilation=unless(1, brief(window.dilation)),
        groups=unless(1, site.channels),
        bias=unless(True, o.use_bias),
    )
    return Spelled(
        made,
        f"{{layer}}({given})",
        layout="first",
        placed=(kernel, Placed("bias", "bias"))[: 1 + o.use_bias],
        notes=(torch_note(window),) if given != "{0}" else (),
    )


def _jax(site: Site) -> Spelled:
    o: DepthwiseConv = site.options
    window = Window.of(o, site.inputs[0])
    kernel = Placed(
        "kernel_spatial_cm",
        "kernel",
        (("reshape", (*window.kernel, site.channels, o.depth_multiplier)),),
        argument="kernel_init",
        default="lecun_normal",
        native=True,
        stacked=Stacked((1, *window.kernel, site.channels, o.depth_multiplier)),
    )
    bias = Placed("bias", "bias", argument="bias_init", default="zeros")
    made = construct(
        "nnx.Conv",
        site.channels,
        site.channels * o.depth_multiplier,
        kernel_size=window.kernel,
        strides=unless(1, brief(window.strides)),
        padding=unless("SAME", o.padding.upper()),
        kernel_dilation=unless(1, brief(window.dilation)),
        feature_group_count=unless(1, site.channels),
        use_bias=unless(True, o.use_bias),
        rngs=Code("rngs"),
    )
    return Spelled(made, placed=(kernel, bias)[: 1 + o.use_bias])


def _products(_inputs: tuple[Sizes, ...], output: Sizes, weights: Mapping[str, Sizes]) -> float:
    """Every number of the output is a sum over a window of one channel."""
    return float(math.prod(output) * math.prod(weights["kernel_spatial_cm"][:-2]))


LAYER = LayerKind(
    "depthwise_conv",
    {"tensorflow": Spelling(write=_keras), "torch": Spelling(write=_torch), "jax": Spelling(write=_jax)},
    Entry(
        "y = x * kernel + bias, each channel by itself",
        DepthwiseConv,
        _output,
        _weights,
        rows=("A2", "A4", "G1", "G10", "G20"),
        examples=(
            {"kernel_size": 3, "padding": "same", "shape": (6, 7, 3)},
            {"kernel_size": (1, 2, 1), "strides": 3, "padding": "same", "shape": (6, 3, 6, 2)},
            {"kernel_size": 3, "strides": 2, "padding": "same", "depth_multiplier": 2, "shape": (8, 8, 3)},
            {"kernel_size": (3, 2), "strides": (2, 1), "padding": "same", "shape": (7, 6, 2)},
            {"kernel_size": 2, "dilation": 2, "use_bias": False, "shape": (9, 8, 4)},
            {"kernel_size": 3, "depth_multiplier": 3, "strides": 2, "shape": (9, 2)},
            {"kernel_size": 2, "depth_multiplier": 2, "padding": "same", "shape": (3, 4, 5, 2)},
        ),
    ),
    products=_products,
)
