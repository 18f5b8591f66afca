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

from typing import Any, Literal

from paragone.layers.base import Function, LayerKind, Setting, Settings, Sizes, Spelling
from paragone.layers.exact import each
from paragone.layers.pools import channels_last
from paragone.layers.resizing import CUBIC, FLOOR, LINEAR, NEAREST, axis_weights
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


_MODES = {"nearest-exact": NEAREST, "linear": LINEAR, "trilinear": LINEAR, "cubic": CUBIC, "triangle": LINEAR}


def _settings(
    size: Any,
    sizes: Sizes,
    mode: str,
    *,
    antialias: bool,
    corners: bool = False,
    a: float = -0.5,
    factors: tuple[float, ...] = (),
) -> Settings:
    """What a resize means; where a choice makes no difference, the one that all frameworks have."""
    wanted = each(size, len(sizes))
    kind = _MODES.get(mode.lower(), mode.lower())
    whole = all(m % n == 0 for n, m in zip(sizes, wanted, strict=True))
    ratios = tuple(m / n for n, m in zip(sizes, wanted, strict=True))
    shrinks = any(m < n for n, m in zip(sizes, wanted, strict=True)) and kind in {LINEAR, CUBIC}
    return {
        "size": wanted,
        "mode": NEAREST if kind == FLOOR and whole else kind,
        "align_corners": corners and kind in {LINEAR, CUBIC},
        "antialias": antialias and shrinks,
        "cubic": a if kind == CUBIC else 0.0,
        "constants": "float64",
        "scale": tuple(0.0 if n * f == m else f for n, m, f in zip(sizes, wanted, factors or ratios, strict=True)),
    }


def _in_tensorflow(settings: Settings) -> Settings:
    """Only repeating is done in the precision of the input."""
    return {**settings, "constants": "float64" if settings["mode"] == NEAREST else "float32"}


def _reads_torch(a: Any, sizes: Sizes) -> Settings:
    size = a.size
    factors: tuple[float, ...] = ()
    if size is None:
        given = a.scale_factor if isinstance(a.scale_factor, (tuple, list)) else (a.scale_factor,) * len(sizes)
        factors = tuple(float(factor) for factor in given)
        size = tuple(int(n * factor) for n, factor in zip(sizes, factors, strict=True))
    antialias = bool(getattr(a, "antialias", False))
    mode, cubic = FLOOR if a.mode == "nearest" else a.mode, -0.5 if antialias else -0.75
    kept = () if a.recompute_scale_factor or a.align_corners else factors
    return _settings(size, sizes, mode, antialias=antialias, corners=bool(a.align_corners), a=cubic, factors=kept)


def _reads_upsampling(a: Any, sizes: Sizes) -> Settings:
    factors = each(a.size, len(sizes))
    size = tuple(n * factor for n, factor in zip(sizes, factors, strict=True))
    return _in_tensorflow(_settings(size, sizes, getattr(a, "interpolation", "nearest"), antialias=False))


def _reads_keras(a: Any, sizes: Sizes) -> Settings:
    return _in_tensorflow(_settings(a.size, sizes, a.interpolation, antialias=a.antialias))


def _reads_tensorflow(a: Any, sizes: Sizes) -> Settings:
    return _in_tensorflow(_settings(a.size, sizes, getattr(a.method, "value", a.method), antialias=a.antialias))


def _reads_jax(a: Any, sizes: Sizes) -> Settings:
    mode = a.method if isinstance(a.method, str) else a.method.name
    return _settings(a.shape[1:-1], sizes, mode, antialias=a.antialias)


def _known(a: Any) -> bool:
    return str(getattr(a, "interpolation", getattr(a, "mode", "nearest"))) != "area"


def _images(a: Any) -> bool:
    return channels_last(a) and not (a.crop_to_aspect_ratio or a.pad_to_aspect_ratio) and _known(a)


def _compute(ops: Any, inputs: tuple[Any, ...], s: Any, _weights: Any) -> Any:
    (x,) = inputs
    for axis, m in enumerate(s.size, start=1):
        n = int(x.shape[axis])
        how = {"corners": s.align_corners, "antialias": s.antialias, "cubic": s.cubic or -0.5}
        matrix = axis_weights(n, m, s.mode, scale=s.scale[axis - 1], **how)
        letters = "abcdef"[: len(x.shape)]
        given = letters[axis]
        weights = ops.constant(matrix, x)
        x = ops.einsum(f"z{given},{letters}->{letters.replace(given, 'z')}", weights, x)
    return x


_SPELLINGS = {
    "tensorflow": Spelling(
        ("UpSampling1D", "UpSampling2D", "UpSampling3D"),
        write=_keras,
        functions=(
            Function(
                ("keras.src.backend.tensorflow.image.resize",),
                "images, size, interpolation='bilinear', antialias=False, crop_to_aspect_ratio=False, "
                "pad_to_aspect_ratio=False, fill_mode='constant', fill_value=0.0, data_format=None",
                _reads_keras,
                _images,
            ),
            Function(
                ("tensorflow.image.resize",),
                "images, size, method='bilinear', preserve_aspect_ratio=False, antialias=False, name=None",
                _reads_tensorflow,
                lambda a: not a.preserve_aspect_ratio,
            ),
        ),
        reads=_reads_upsampling,
    ),
    "torch": Spelling(
        ("Upsample",),
        write=_torch,
        functions=(
            Function(
                ("torch.nn.functional.interpolate", "torch.nn.functional.upsample"),
                "input, size=None, scale_factor=None, mode='nearest', align_corners=None, "
                "recompute_scale_factor=None, antialias=False",
                _reads_torch,
                _known,
            ),
        ),
        reads=_reads_torch,
        channels_at=1,
    ),
    "jax": Spelling(
        write=_jax,
        functions=(
            Function(
                ("jax.image.resize",),
                "image, shape, method, antialias=True, precision=None",
                _reads_jax,
                lambda a: len(a.shape) == len(a.image.shape) > 2,
            ),
        ),
    ),
}
LAYER = LayerKind(
    "upsample",
    _SPELLINGS,
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
    (
        Setting("mode", "resize-mode", "G12"),
        Setting("align_corners", "align-corners", "G13"),
        Setting("antialias", "resize-antialias", "G13"),
        Setting("cubic", "cubic-coefficient", "G14"),
        Setting("scale", "resize-scale", "G12"),
        Setting("constants", "float32-constants", "C7", "float64"),
    ),
    _compute,
)
