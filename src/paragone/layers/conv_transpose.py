"""Transposed convolution: the gradient of a convolution, which makes each place a window and adds the windows up.

Canonical weights: `kernel_spatial_oi` (the spatial axes, out, in), `bias` (out). Canonical sizes are those of
TensorFlow (keras/src/backend/common/backend_utils.py, 3.15): n · stride for `same`, (n - 1) · stride + max(kernel,
stride) for `valid`; `same` takes an odd number of surplus places from the end.

PyTorch stores (in, out, spatial) (torch/nn/modules/conv.py, 2.13) and takes as many places from both sides; its usual
`padding=1, output_padding=1` has the same shape, shifted by one place (row G7), so `matched` cuts the last place off.
Flax does not turn the kernel around unless `transpose_kernel=True` (flax/nnx/nn/linear.py, 0.12; row G8): then its
kernel is (spatial, out, in), otherwise (spatial, in, out), turned around. With that, lax.conv_transpose pads as
TensorFlow does (jax/_src/lax/convolution.py, 0.10). Default starts differ (row A5): where the kernel's next to last
axis is `out`, all three count it as the fan-in, and so does the canonical start.

`dilation` spreads the window. Keras refuses it together with strides (keras/src/layers/convolutional/
base_conv_transpose.py, 3.15), and so does this word. TensorFlow has no kernel for it on CPUs ("Current CPU
implementations do not yet support dilation rates larger than 1", 2.21); at stride 1 a transposed convolution is a
convolution with the kernel turned around, which is what a Keras side computes then (row G19).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from paragone.initialisers.base import Start
from paragone.layers.base import LayerKind, Setting, Settings, Sizes, Spelling, Weight
from paragone.layers.exact import Pads, each
from paragone.layers.functional import torch_transposed
from paragone.spelling.code import Code, construct, literal, unless
from paragone.spelling.entry import CanonicalWeight, Entry, Options, PerAxis, Size
from paragone.spelling.site import Site
from paragone.spelling.spatial import Padding, Window, brief
from paragone.spelling.spelled import Helper, Note, Placed, Spelled
from paragone.task.tensor import Tensor


class ConvTranspose(Options):
    """Options of a transposed convolution."""

    filters: Size
    kernel_size: PerAxis
    strides: PerAxis = 1
    padding: Padding = "valid"
    dilation: PerAxis = 1
    use_bias: bool = True


def _output(options: ConvTranspose, inputs: tuple[Tensor, ...]) -> Tensor:
    window = Window.of(options, inputs[0])
    places = zip(window.sizes, window.reach, window.strides, strict=True)
    if options.padding == "same":
        return Tensor((*(n * s for n, _, s in places), options.filters))
    return Tensor((*((n - 1) * s + max(r, s) for n, r, s in places), options.filters))


def _weights(options: ConvTranspose, inputs: tuple[Tensor, ...]) -> tuple[CanonicalWeight, ...]:
    window, channels = Window.of(options, inputs[0]), inputs[0].shape[-1]
    kernel = CanonicalWeight(
        "kernel_spatial_oi",
        (*window.kernel, options.filters, channels),
        Start("glorot_uniform", window.area * options.filters, window.area * channels),
        "kernel_initializer",
        regularised=True,
    )
    bias = CanonicalWeight("bias", (options.filters,), Start("zeros"), "bias_initializer")
    return (kernel, bias) if options.use_bias else (kernel,)


def _keras_dilated(rank: int) -> Helper:
    axes = literal(tuple(range(rank)))
    return Helper(
        f"DilatedConv{rank}DTranspose",
        f'''
class DilatedConv{rank}DTranspose(layers.Conv{rank}DTranspose):
    """A transposed convolution at stride 1 as a convolution with its kernel turned around."""

    def call(self, inputs):
        reach = [(size - 1) * rate for size, rate in zip(self.kernel_size, self.dilation_rate)]
        if self.padding == "same":
            pads = [(places - places // 2, places // 2) for places in reach]
        else:
            pads = [(places, places) for places in reach]
        x = ops.pad(inputs, [(0, 0), *pads, (0, 0)])
        kernel = ops.swapaxes(ops.flip(self.kernel, {axes}), -1, -2)
        x = ops.conv(x, kernel, dilation_rate=self.dilation_rate)
        return self.activation(x + self.bias if self.use_bias else x)
''',
        Note("G19", "TensorFlow has no dilated transposed convolution on CPUs"),
        ("from keras import layers, ops",),
    )


def _keras(site: Site) -> Spelled:
    o: ConvTranspose = site.options
    window = Window.of(o, site.inputs[0])
    helpers = (_keras_dilated(site.rank),) if max(window.dilation) > 1 else ()
    kernel = Placed(
        "kernel_spatial_oi",
        "kernel",
        argument="kernel_initializer",
        default="glorot_uniform",
        native=True,
        regulariser="kernel_regularizer",
    )
    bias = Placed("bias", "bias", argument="bias_initializer", default="zeros")
    padding, cut, notes = _keras_cut(window, site.matched)
    made = construct(
        helpers[0].name if helpers else f"layers.Conv{site.rank}DTranspose",
        o.filters,
        brief(window.kernel),
        strides=unless(1, brief(window.strides)),
        padding=unless("valid", padding),
        dilation_rate=unless(1, brief(window.dilation)),
        use_bias=unless(True, o.use_bias),
    )
    placed = (kernel, bias)[: 1 + o.use_bias]
    return Spelled(made, f"{{layer}}({{0}}){cut}", placed=placed, fuses=True, helpers=helpers, notes=notes)


def _keras_cut(window: Window, matched: bool) -> tuple[str, str, tuple[Note, ...]]:
    """The `padding`, what is cut from the result, and why: the gradient is a convolution, which may be wrong (G20)."""
    surplus = [r - s for r, s in zip(window.reach, window.strides, strict=True)]
    if not (matched and window.rank == 3 and window.padding == "same" and min(surplus) < -1):
        return window.padding, "", ()
    note = Note("G20", 'the gradient of TensorFlow\'s "same" is wrong where the window is smaller than its steps')
    if max(surplus) <= 0:
        return "valid", "", (note,)
    cuts = ", ".join(f"{n // 2 or ''}:{-(n - n // 2)}" if n > 0 else ":" for n in surplus)
    return "valid", f"[:, {cuts}]", (note,)


def _torch_axis(reach: int, stride: int, padding: str, matched: bool) -> tuple[int, int, int]:
    """PyTorch's `padding` and `output_padding` on one axis, and how many places are cut off at the end."""
    surplus = reach - stride
    if surplus <= 0:
        return 0, -surplus, 0
    if padding == "valid":
        return 0, 0, 0
    if not matched and stride > 1:
        return (surplus + 1) // 2, surplus % 2, 0
    return surplus // 2, 0, surplus % 2


def _torch(site: Site) -> Spelled:
    o: ConvTranspose = site.options
    window = Window.of(o, site.inputs[0])
    axes = [_torch_axis(r, s, o.padding, site.matched) for r, s in zip(window.reach, window.strides, strict=True)]
    padding, more, cuts = (tuple(numbers) for numbers in zip(*axes, strict=True))
    made = construct(
        f"nn.ConvTranspose{site.rank}d",
        site.channels,
        o.filters,
        brief(window.kernel),
        stride=unless(1, brief(window.strides)),
        padding=unless(0, brief(padding)),
        output_padding=unless(0, brief(more)),
        dilation=unless(1, brief(window.dilation)),
        bias=unless(True, o.use_bias),
    )
    steps = (("transpose", (*range(2, site.rank + 2), 1, 0)),)
    placed = (Placed("kernel_spatial_oi", "weight", steps, native=True), Placed("bias", "bias"))
    note = Note("G7", "PyTorch takes as many places from both sides; an odd one is taken from the end")
    cut = ", ".join(":-1" if number else ":" for number in cuts)
    return Spelled(
        made,
        f"{{layer}}({{0}})[:, :, {cut}]" if any(cuts) else "{layer}({0})",
        layout="first",
        placed=placed[: 1 + o.use_bias],
        notes=(note,) if any(cuts) else (),
    )


def _jax(site: Site) -> Spelled:
    """In `plain` the kernel is (spatial, in, out) and not turned around."""
    o: ConvTranspose = site.options
    window = Window.of(o, site.inputs[0])
    spatial = tuple(range(site.rank))
    turned = (("flip", spatial), ("transpose", (*spatial, site.rank + 1, site.rank)))
    kernel = Placed(
        "kernel_spatial_oi",
        "kernel",
        () if site.matched else turned,
        argument="kernel_init",
        default="lecun_normal",
        native=site.matched,
    )
    bias = Placed("bias", "bias", argument="bias_init", default="zeros")
    made = construct(
        "nnx.ConvTranspose",
        site.channels,
        o.filters,
        kernel_size=window.kernel,
        strides=unless(1, brief(window.strides)),
        padding=unless("SAME", o.padding.upper()),
        kernel_dilation=unless(1, brief(window.dilation)),
        use_bias=unless(True, o.use_bias),
        transpose_kernel=unless(False, site.matched),
        rngs=Code("rngs"),
    )
    note = Note("G8", "Flax does not turn the kernel around by itself")
    return Spelled(made, placed=(kernel, bias)[: 1 + o.use_bias], notes=(note,))


def _cropped(padding: str, kernel: tuple[int, ...], strides: tuple[int, ...]) -> Pads:
    """What TensorFlow and JAX cut from the ends of the whole output; less than nothing is filled with zeros."""
    surplus = [k - s for k, s in zip(kernel, strides, strict=True)]
    if padding.lower() == "same":
        return tuple((max(n, 0) // 2, n - max(n, 0) // 2) for n in surplus)
    return tuple((0, min(n, 0)) for n in surplus)


def _reads_keras(a: Any, sizes: Sizes) -> Settings:
    rank = len(sizes)
    kernel, strides, dilation = (each(one, rank) for one in (a.kernel_size, a.strides, a.dilation_rate))
    if a.output_padding is not None or max(dilation) > 1:
        return {}
    return {"strides": strides, "cropping": _cropped(a.padding, kernel, strides), "dilation": dilation}


def _reads_torch(a: Any, sizes: Sizes) -> Settings:
    rank = len(sizes)
    strides, dilation = each(a.stride, rank), each(a.dilation, rank)
    if a.groups != 1:
        return {}
    ends = zip(each(a.padding, rank), each(a.output_padding, rank), strict=True)
    return {"strides": strides, "cropping": tuple((p, p - more) for p, more in ends), "dilation": dilation}


def _reads_jax(a: Any, sizes: Sizes) -> Settings:
    rank = len(sizes)
    kernel, strides, dilation = (each(one or 1, rank) for one in (a.kernel_size, a.strides, a.kernel_dilation))
    if a.padding not in {"SAME", "VALID"} or max(dilation) > 1:
        return {}
    return {"strides": strides, "cropping": _cropped(a.padding, kernel, strides), "dilation": dilation}


def is_turned(thing: Any) -> bool:
    """Whether an object keeps its kernel (spatial, in, out) and turned around, as Flax does unless told (row G8)."""
    return getattr(thing, "transpose_kernel", True) is False


def _compute(ops: Any, inputs: tuple[Any, ...], s: Any, weights: Any) -> Any:
    rank = len(inputs[0].shape) - 2
    kernel, bias = weights.kernel_spatial_oi, weights.bias
    if is_turned(weights.thing):
        kernel = ops.flip(kernel, range(rank))
    else:
        kernel = ops.transpose(kernel, (*range(rank), rank + 1, rank))
    y = ops.conv_transpose(inputs[0], kernel, s.strides, s.dilation)
    y = ops.pad(y, [(0, 0), *((-before, -after) for before, after in s.cropping), (0, 0)])
    return y if bias is None else y + bias


_LAST = (Weight("kernel_spatial_oi", "kernel"), Weight("bias", "bias"))
_FIRST = (Weight("kernel_spatial_oi", "weight", output_first=True), Weight("bias", "bias"))
_KERAS_CLASSES = ("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose")
_TORCH_CLASSES = ("ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d")


def _products(inputs: tuple[Sizes, ...], _output: Sizes, weights: Mapping[str, Sizes]) -> float:
    """Every number of the input goes into a window of all filters."""
    return float(math.prod(inputs[0]) * math.prod(weights["kernel_spatial_oi"][:-1]))


LAYER = LayerKind(
    "conv_transpose",
    {
        "tensorflow": Spelling(_KERAS_CLASSES, _LAST, write=_keras, reads=_reads_keras, open=True),
        "torch": Spelling(
            _TORCH_CLASSES,
            _FIRST,
            write=_torch,
            reads=_reads_torch,
            channels_at=1,
            functions=torch_transposed(_reads_torch),
        ),
        "jax": Spelling(("ConvTranspose",), _LAST, write=_jax, reads=_reads_jax),
    },
    Entry(
        "y = the gradient of a convolution with respect to its input, applied to x, + bias",
        ConvTranspose,
        _output,
        _weights,
        rows=("A2", "A5", "G7", "G8", "G10", "G19", "G20"),
        examples=(
            {"filters": 3, "kernel_size": 3, "strides": 2, "padding": "same", "shape": (4, 3, 2)},
            {"filters": 2, "kernel_size": 4, "strides": 2, "padding": "same", "shape": (3, 4, 3)},
            {"filters": 3, "kernel_size": (2, 5), "strides": (3, 2), "shape": (3, 2, 2)},
            {"filters": 2, "kernel_size": 2, "padding": "same", "use_bias": False, "shape": (4, 4, 2)},
            {"filters": 3, "kernel_size": 5, "strides": 2, "padding": "same", "shape": (5, 2)},
            {"filters": 2, "kernel_size": (1, 2, 3), "strides": 2, "padding": "same", "shape": (2, 3, 2, 2)},
            {"filters": 2, "kernel_size": (2, 3, 1), "strides": (1, 1, 3), "padding": "same", "shape": (2, 3, 2, 2)},
            {"filters": 3, "kernel_size": 3, "dilation": 2, "shape": (5, 2)},
            {"filters": 2, "kernel_size": (3, 2), "dilation": (1, 3), "padding": "same", "shape": (4, 5, 3)},
            {"filters": 2, "kernel_size": 2, "dilation": 2, "padding": "same", "shape": (3, 2, 4, 2)},
        ),
    ),
    (
        Setting("cropping", "transposed-convolution-cropping", "G7"),
        Setting("strides", "convolution-strides"),
        Setting("dilation", "convolution-dilation"),
    ),
    _compute,
    products=_products,
)
