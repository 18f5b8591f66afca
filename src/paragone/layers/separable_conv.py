"""Separable convolution: a depthwise convolution, then a pointwise one that mixes the channels; one bias at the end.

Canonical weights: `kernel_depthwise_spatial_cm` (the spatial axes, channels, multiplier), `kernel_pointwise_io`
(channels · multiplier, filters), `bias` (filters). Keras has layers for one and two spatial axes, with a pointwise
kernel of (1, …, 1, in, out) (keras/src/layers/convolutional/base_separable_conv.py, 3.15); TensorFlow takes only equal
strides there (tensorflow/python/ops/nn_impl.py, 2.21). PyTorch (torch/nn/modules/conv.py, 2.13) and Flax
(flax/nnx/nn/linear.py, 0.12) have none: a short class joins their two convolutions, and does so in Keras for other
strides and for three axes.

The canonical start of the depthwise kernel is that of `depthwise_conv` (row A4). Padding is that of `conv`.
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
from paragone.spelling.spelled import Helper, Note, Placed, Spelled, Stacked, Step
from paragone.task.tensor import Tensor

_WHY = "has no separable convolution; the depthwise kernel is that of a convolution in groups"
_KERAS = Helper(
    "GroupedSeparableConv",
    '''
@keras.saving.register_keras_serializable()
class GroupedSeparableConv(layers.Layer):
    """A depthwise convolution, written as one in groups, then a pointwise one that mixes the channels."""

    def __init__(
        self, conv, channels, filters, kernel_size, strides=1, padding="valid", dilation_rate=1, depth_multiplier=1,
        use_bias=True, depthwise_initializer="glorot_uniform", pointwise_initializer="glorot_uniform",
        bias_initializer="zeros", depthwise_regularizer=None, pointwise_regularizer=None, **kwargs,
    ):
        super().__init__(**kwargs)
        self.depthwise = conv(
            channels * depth_multiplier, kernel_size, strides, padding, dilation_rate=dilation_rate, groups=channels,
            use_bias=False, kernel_initializer=depthwise_initializer, kernel_regularizer=depthwise_regularizer,
        )
        self.pointwise = layers.Dense(
            filters, use_bias=use_bias, kernel_initializer=pointwise_initializer, bias_initializer=bias_initializer,
            kernel_regularizer=pointwise_regularizer,
        )

    def call(self, x):
        return self.pointwise(self.depthwise(x))
''',
    Note("G10", "Keras has no separable convolution with unequal strides or three spatial axes"),
    ("import keras", "from keras import layers"),
)
_JAX = Helper(
    "SeparableConv",
    '''
class SeparableConv(nnx.Module):
    """A depthwise convolution, then a pointwise one that mixes the channels."""

    def __init__(
        self,
        in_features: int,
        out_features: int,
        kernel_size: tuple[int, ...],
        strides: int | tuple[int, ...] = 1,
        *,
        padding: str = "SAME",
        kernel_dilation: int | tuple[int, ...] = 1,
        depth_multiplier: int = 1,
        use_bias: bool = True,
        depthwise_init: nnx.Initializer = nnx.initializers.lecun_normal(),
        pointwise_init: nnx.Initializer = nnx.initializers.lecun_normal(),
        bias_init: nnx.Initializer = nnx.initializers.zeros,
        rngs: nnx.Rngs,
    ) -> None:
        channels = in_features * depth_multiplier
        self.depthwise = nnx.Conv(
            in_features,
            channels,
            kernel_size,
            strides,
            padding=padding,
            kernel_dilation=kernel_dilation,
            feature_group_count=in_features,
            use_bias=False,
            kernel_init=depthwise_init,
            rngs=rngs,
        )
        self.pointwise = nnx.Linear(
            channels, out_features, use_bias=use_bias, kernel_init=pointwise_init, bias_init=bias_init, rngs=rngs
        )

    def __call__(self, x: jax.Array) -> jax.Array:
        return self.pointwise(self.depthwise(x))
''',
    Note("G10", f"Flax {_WHY}"),
)


def _joined(rank: int) -> Helper:
    """The class that joins two convolutions of PyTorch."""
    name, conv = f"SeparableConv{rank}d", f"nn.Conv{rank}d"
    source = f'''
class {name}(nn.Module):
    """A depthwise convolution, then a pointwise one that mixes the channels."""

    def __init__(self, depthwise: {conv}, pointwise: {conv}) -> None:
        super().__init__()
        self.depthwise = depthwise
        self.pointwise = pointwise

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.pointwise(self.depthwise(x))
'''
    return Helper(name, source, Note("G10", f"PyTorch {_WHY}"))


class SeparableConv(Options):
    """Options of a separable convolution."""

    filters: Size
    kernel_size: PerAxis
    strides: PerAxis = 1
    padding: Padding = "valid"
    dilation: PerAxis = 1
    depth_multiplier: Size = 1
    use_bias: bool = True


def _output(options: SeparableConv, inputs: tuple[Tensor, ...]) -> Tensor:
    return Tensor((*Window.of(options, inputs[0]).output, options.filters))


def _weights(options: SeparableConv, inputs: tuple[Tensor, ...]) -> tuple[CanonicalWeight, ...]:
    window, channels = Window.of(options, inputs[0]), inputs[0].shape[-1]
    inner = channels * options.depth_multiplier
    depthwise = CanonicalWeight(
        "kernel_depthwise_spatial_cm",
        (*window.kernel, channels, options.depth_multiplier),
        Start("glorot_uniform", window.area, window.area * inner),
        "depthwise_initializer",
        regularised=True,
    )
    pointwise = CanonicalWeight(
        "kernel_pointwise_io",
        (inner, options.filters),
        Start("glorot_uniform", inner, options.filters),
        "pointwise_initializer",
        regularised=True,
    )
    bias = CanonicalWeight("bias", (options.filters,), Start("zeros"), "bias_initializer")
    return (depthwise, pointwise, bias) if options.use_bias else (depthwise, pointwise)


def _grouped(site: Site, window: Window) -> Step:
    """From the kernel of a convolution in groups to the canonical one."""
    return ("reshape", (*window.kernel, site.channels, site.options.depth_multiplier))


def _keras_placed(site: Site, window: Window, own: bool) -> tuple[Placed, ...]:
    """The weights in Keras' own layer, or in the joined one."""
    o: SeparableConv = site.options
    depthwise = Placed(
        "kernel_depthwise_spatial_cm",
        "depthwise_kernel" if own else "depthwise.kernel",
        () if own else (_grouped(site, window),),
        argument="depthwise_initializer",
        default="" if own else "glorot_uniform",
        native=not own,
        regulariser="depthwise_regularizer",
        stacked=None if own else Stacked((1, *_grouped(site, window)[1])),
    )
    pointwise = Placed(
        "kernel_pointwise_io",
        "pointwise_kernel" if own else "pointwise.kernel",
        (("reshape", (site.channels * o.depth_multiplier, o.filters)),) if own else (),
        argument="pointwise_initializer",
        default="glorot_uniform",
        native=True,
        regulariser="pointwise_regularizer",
    )
    bias = Placed("bias", "bias" if own else "pointwise.bias", argument="bias_initializer", default="zeros")
    return (depthwise, pointwise, bias)[: 2 + o.use_bias]


def _keras(site: Site) -> Spelled:
    o: SeparableConv = site.options
    window = Window.of(o, site.inputs[0])
    own = window.rank < 3 and len(set(window.strides)) == 1
    padding, given, notes = keras_padding(window, site.matched)
    options = {
        "strides": unless(1, brief(window.strides)),
        "padding": unless("valid", padding),
        "dilation_rate": unless(1, brief(window.dilation)),
        "depth_multiplier": unless(1, o.depth_multiplier),
        "use_bias": unless(True, o.use_bias),
    }
    placed = _keras_placed(site, window, own)
    if own:
        made = construct(f"layers.SeparableConv{site.rank}D", o.filters, brief(window.kernel), **options)
        return Spelled(made, placed=placed, fuses=True)
    conv = Code(f"layers.Conv{site.rank}D")
    made = construct(_KERAS.name, conv, site.channels, o.filters, brief(window.kernel), **options)
    return Spelled(made, f"{{layer}}({given})", placed=placed, helpers=(_KERAS,), notes=notes)


def _torch(site: Site) -> Spelled:
    o: SeparableConv = site.options
    window = Window.of(o, site.inputs[0])
    padding, given = torch_padding(window, site.matched)
    helper, inner = _joined(site.rank), site.channels * o.depth_multiplier
    depthwise = construct(
        f"nn.Conv{site.rank}d",
        site.channels,
        inner,
        brief(window.kernel),
        stride=unless(1, brief(window.strides)),
        padding=unless(0, padding),
        dilation=unless(1, brief(window.dilation)),
        groups=unless(1, site.channels),
        bias=False,
    )
    pointwise = construct(f"nn.Conv{site.rank}d", inner, o.filters, 1, bias=unless(True, o.use_bias))
    to_last = ("transpose", (*range(2, site.rank + 2), 1, 0))
    stacked = Stacked((1, site.channels, o.depth_multiplier, *window.kernel), (1, 2))
    steps = (to_last, _grouped(site, window))
    placed = (
        Placed("kernel_depthwise_spatial_cm", "depthwise.weight", steps, native=True, stacked=stacked),
        Placed("kernel_pointwise_io", "pointwise.weight", (to_last, ("reshape", (inner, o.filters))), native=True),
        Placed("bias", "pointwise.bias"),
    )
    return Spelled(
        construct(helper.name, depthwise.code(), pointwise.code()),
        f"{{layer}}({given})",
        layout="first",
        helpers=(helper,),
        notes=(torch_note(window),) if given != "{0}" else (),
        placed=placed[: 2 + o.use_bias],
    )


def _jax(site: Site) -> Spelled:
    o: SeparableConv = site.options
    window = Window.of(o, site.inputs[0])
    placed = (
        Placed(
            "kernel_depthwise_spatial_cm",
            "depthwise.kernel",
            (_grouped(site, window),),
            argument="depthwise_init",
            default="lecun_normal",
            native=True,
            stacked=Stacked((1, *_grouped(site, window)[1])),
        ),
        Placed(
            "kernel_pointwise_io", "pointwise.kernel", argument="pointwise_init", default="lecun_normal", native=True
        ),
        Placed("bias", "pointwise.bias", argument="bias_init", default="zeros"),
    )
    made = construct(
        _JAX.name,
        site.channels,
        o.filters,
        window.kernel,
        strides=unless(1, brief(window.strides)),
        padding=unless("SAME", o.padding.upper()),
        kernel_dilation=unless(1, brief(window.dilation)),
        depth_multiplier=unless(1, o.depth_multiplier),
        use_bias=unless(True, o.use_bias),
        rngs=Code("rngs"),
    )
    return Spelled(made, placed=placed[: 2 + o.use_bias], helpers=(_JAX,))


def _products(_inputs: tuple[Sizes, ...], output: Sizes, weights: Mapping[str, Sizes]) -> float:
    """At every place, the windows of all channels and the product that mixes them."""
    kernels = math.prod(weights["kernel_depthwise_spatial_cm"]) + math.prod(weights["kernel_pointwise_io"])
    return float(math.prod(output[:-1]) * kernels)


LAYER = LayerKind(
    "separable_conv",
    {"tensorflow": Spelling(write=_keras), "torch": Spelling(write=_torch), "jax": Spelling(write=_jax)},
    Entry(
        "y = (x * depthwise kernel, each channel by itself) · pointwise kernel + bias",
        SeparableConv,
        _output,
        _weights,
        rows=("A2", "A4", "G1", "G10", "G20"),
        examples=(
            {"filters": 4, "kernel_size": 3, "padding": "same", "shape": (6, 7, 3)},
            {"filters": 2, "kernel_size": (1, 2, 1), "strides": 3, "padding": "same", "shape": (6, 3, 6, 2)},
            {
                "filters": 3,
                "kernel_size": 3,
                "strides": 2,
                "padding": "same",
                "depth_multiplier": 2,
                "shape": (8, 8, 2),
            },
            {"filters": 2, "kernel_size": (3, 2), "strides": (2, 1), "padding": "same", "shape": (7, 6, 2)},
            {"filters": 3, "kernel_size": 2, "dilation": 2, "use_bias": False, "shape": (9, 8, 4)},
            {"filters": 4, "kernel_size": 3, "strides": 2, "shape": (9, 2)},
            {"filters": 3, "kernel_size": 2, "depth_multiplier": 2, "padding": "same", "shape": (3, 4, 5, 2)},
        ),
    ),
    products=_products,
)
