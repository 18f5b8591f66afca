"""Upsampling: every spatial axis becomes `size` times as long, by repeating places or by interpolating between them.

`nearest` repeats every place, which is one thing for whole factors: PyTorch's legacy floor differs from the half-pixel
centres of the others for other factors only (row G12). PyTorch computes the index in float32
(torch/include/ATen/native/UpSample.h, 2.13), which goes wrong for some factors above 40, so `matched` takes
"nearest-exact" there.

`bilinear` has half-pixel centres, without corners aligned, in all three (torch/nn/modules/upsampling.py, 2.13;
jax/_src/image/scale.py, 0.10); antialiasing has no part in enlarging. TensorFlow computes it in float32 whatever its
input (tensorflow/python/ops/gen_image_ops.py, 2.21; row G13), so `matched` multiplies with the weights of each axis.
It is for two spatial axes, as in Keras (keras/src/layers/reshaping/up_sampling2d.py, 3.15).
"""

from __future__ import annotations

from typing import Literal

from paragone.layers.base import LayerKind, Spelling
from paragone.spelling.code import construct, literal, unless
from paragone.spelling.entry import Entry, Options, PerAxis, UnfitError, per_axis
from paragone.spelling.site import Site
from paragone.spelling.spatial import brief, spatial_sizes
from paragone.spelling.spelled import Helper, Note, Spelled
from paragone.task.tensor import Tensor

_EXACT_IN_FLOAT32 = 40
_BILINEAR = Helper(
    "upsample_bilinear",
    '''
def upsample_bilinear(x, factors):
    """Each axis times its matrix of weights, between places that are half a pixel from the edge."""
    weights = []
    for n, factor in zip(x.shape[1:3], factors):
        place = np.clip((np.arange(n * factor) + 0.5) / factor - 0.5, 0, n - 1)
        near = np.maximum(0, 1 - np.abs(place[:, None] - np.arange(n)))
        weights.append(ops.convert_to_tensor(near, x.dtype))
    return ops.einsum("ih,jw,bhwc->bijc", *weights, x)
''',
    Note("G13", "TensorFlow computes its bilinear resize in float32"),
    ("import numpy as np", "from keras import ops"),
)


class Upsample(Options):
    """Options of upsampling."""

    size: PerAxis = 2
    interpolation: Literal["nearest", "bilinear"] = "nearest"


def _output(options: Upsample, inputs: tuple[Tensor, ...]) -> Tensor:
    sizes = spatial_sizes(inputs[0])
    if options.interpolation == "bilinear" and len(sizes) != 2:
        raise UnfitError('"nearest" where there are not two spatial axes', '"bilinear"', "interpolation")
    factors = per_axis(options.size, len(sizes), "size")
    return Tensor((*(n * factor for n, factor in zip(sizes, factors, strict=True)), inputs[0].shape[-1]))


def _keras(site: Site) -> Spelled:
    o: Upsample = site.options
    factors = per_axis(o.size, site.rank, "size")
    if site.matched and o.interpolation == "bilinear":
        return Spelled(call=f"{_BILINEAR.name}({{0}}, {factors})", helpers=(_BILINEAR,))
    made = construct(f"layers.UpSampling{site.rank}D", brief(factors), interpolation=unless("nearest", o.interpolation))
    return Spelled(made)


def _torch(site: Site) -> Spelled:
    o: Upsample = site.options
    factors = per_axis(o.size, site.rank, "size")
    exact = site.matched and o.interpolation == "nearest" and max(factors) > _EXACT_IN_FLOAT32
    note = Note("G12", 'PyTorch\'s "nearest" rounds some large factors wrongly')
    made = construct(
        "nn.Upsample",
        scale_factor=brief(factors),
        mode=unless("nearest", "nearest-exact" if exact else o.interpolation),
    )
    return Spelled(made, layout="first", notes=(note,) if exact else ())


def _jax(site: Site) -> Spelled:
    shape = ", ".join(map(str, site.output.shape))
    return Spelled(call=f"jax.image.resize({{0}}, ({{0}}.shape[0], {shape}), {literal(site.options.interpolation)})")


LAYER = LayerKind(
    "upsample",
    {"tensorflow": Spelling(write=_keras), "torch": Spelling(write=_torch), "jax": Spelling(write=_jax)},
    Entry(
        "every spatial axis `size` times as long: repeated, or interpolated between half-pixel centres",
        Upsample,
        _output,
        rows=("G12", "G13"),
        examples=(
            {"shape": (3, 4, 2)},
            {"size": (2, 3), "interpolation": "bilinear", "shape": (3, 4, 2)},
            {"size": 3, "interpolation": "bilinear", "shape": (1, 5, 3)},
            {"size": 3, "shape": (4, 2)},
            {"size": (1, 2, 3), "shape": (2, 3, 2, 2)},
            {"size": 41, "shape": (2, 2)},
        ),
    ),
)
