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
"""

from __future__ import annotations

from paragone.initialisers.base import Start
from paragone.layers.base import LayerKind, Spelling
from paragone.spelling.code import Code, construct, unless
from paragone.spelling.entry import CanonicalWeight, Entry, Options, PerAxis, Size, per_axis
from paragone.spelling.site import Site
from paragone.spelling.spatial import Padding, brief, spatial_sizes
from paragone.spelling.spelled import Note, Placed, Spelled
from paragone.task.tensor import Tensor


class ConvTranspose(Options):
    """Options of a transposed convolution."""

    filters: Size
    kernel_size: PerAxis
    strides: PerAxis = 1
    padding: Padding = "valid"
    use_bias: bool = True


def _kernel_and_strides(options: ConvTranspose, tensor: Tensor) -> tuple[tuple[int, ...], tuple[int, ...]]:
    rank = len(spatial_sizes(tensor))
    return per_axis(options.kernel_size, rank, "kernel_size"), per_axis(options.strides, rank, "strides")


def _output(options: ConvTranspose, inputs: tuple[Tensor, ...]) -> Tensor:
    kernel, strides = _kernel_and_strides(options, inputs[0])
    places = zip(inputs[0].shape[:-1], kernel, strides, strict=True)
    if options.padding == "same":
        return Tensor((*(n * s for n, _, s in places), options.filters))
    return Tensor((*((n - 1) * s + max(k, s) for n, k, s in places), options.filters))


def _weights(options: ConvTranspose, inputs: tuple[Tensor, ...]) -> tuple[CanonicalWeight, ...]:
    window, _ = _kernel_and_strides(options, inputs[0])
    channels, area = inputs[0].shape[-1], Tensor(window).size
    kernel = CanonicalWeight(
        "kernel_spatial_oi",
        (*window, options.filters, channels),
        Start("glorot_uniform", area * options.filters, area * channels),
        "kernel_initializer",
        regularised=True,
    )
    bias = CanonicalWeight("bias", (options.filters,), Start("zeros"), "bias_initializer")
    return (kernel, bias) if options.use_bias else (kernel,)


def _keras(site: Site) -> Spelled:
    o: ConvTranspose = site.options
    window, strides = _kernel_and_strides(o, site.inputs[0])
    kernel = Placed(
        "kernel_spatial_oi",
        "kernel",
        argument="kernel_initializer",
        default="glorot_uniform",
        native=True,
        regulariser="kernel_regularizer",
    )
    bias = Placed("bias", "bias", argument="bias_initializer", default="zeros")
    made = construct(
        f"layers.Conv{site.rank}DTranspose",
        o.filters,
        brief(window),
        strides=unless(1, brief(strides)),
        padding=unless("valid", o.padding),
        use_bias=unless(True, o.use_bias),
    )
    return Spelled(made, placed=(kernel, bias)[: 1 + o.use_bias], fuses=True)


def _torch_axis(kernel: int, stride: int, padding: str, matched: bool) -> tuple[int, int, int]:
    """PyTorch's `padding` and `output_padding` on one axis, and how many places are cut off at the end."""
    surplus = kernel - stride
    if surplus <= 0:
        return 0, -surplus, 0
    if padding == "valid":
        return 0, 0, 0
    if not matched and stride > 1:
        return (surplus + 1) // 2, surplus % 2, 0
    return surplus // 2, 0, surplus % 2


def _torch(site: Site) -> Spelled:
    o: ConvTranspose = site.options
    window, strides = _kernel_and_strides(o, site.inputs[0])
    axes = [_torch_axis(k, s, o.padding, site.matched) for k, s in zip(window, strides, strict=True)]
    padding, more, cuts = (tuple(numbers) for numbers in zip(*axes, strict=True))
    made = construct(
        f"nn.ConvTranspose{site.rank}d",
        site.channels,
        o.filters,
        brief(window),
        stride=unless(1, brief(strides)),
        padding=unless(0, brief(padding)),
        output_padding=unless(0, brief(more)),
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
    window, strides = _kernel_and_strides(o, site.inputs[0])
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
        kernel_size=window,
        strides=unless(1, brief(strides)),
        padding=unless("SAME", o.padding.upper()),
        use_bias=unless(True, o.use_bias),
        transpose_kernel=unless(False, site.matched),
        rngs=Code("rngs"),
    )
    note = Note("G8", "Flax does not turn the kernel around by itself")
    return Spelled(made, placed=(kernel, bias)[: 1 + o.use_bias], notes=(note,))


LAYER = LayerKind(
    "conv_transpose",
    {"tensorflow": Spelling(write=_keras), "torch": Spelling(write=_torch), "jax": Spelling(write=_jax)},
    Entry(
        "y = the gradient of a convolution with respect to its input, applied to x, + bias",
        ConvTranspose,
        _output,
        _weights,
        rows=("A2", "A5", "G7", "G8", "G10"),
        examples=(
            {"filters": 3, "kernel_size": 3, "strides": 2, "padding": "same", "shape": (4, 3, 2)},
            {"filters": 2, "kernel_size": 4, "strides": 2, "padding": "same", "shape": (3, 4, 3)},
            {"filters": 3, "kernel_size": (2, 5), "strides": (3, 2), "shape": (3, 2, 2)},
            {"filters": 2, "kernel_size": 2, "padding": "same", "use_bias": False, "shape": (4, 4, 2)},
            {"filters": 3, "kernel_size": 5, "strides": 2, "padding": "same", "shape": (5, 2)},
            {"filters": 2, "kernel_size": (1, 2, 3), "strides": 2, "padding": "same", "shape": (2, 3, 2, 2)},
        ),
    ),
)
