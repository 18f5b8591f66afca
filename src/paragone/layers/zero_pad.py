"""Zero padding: zeros around the spatial axes.

`padding` is one number for all sides, one for each axis, or (before, after) for each axis; with one spatial axis two
numbers are before and after. The same in all three: keras/src/layers/reshaping/zero_padding2d.py, 3.15;
torch/nn/modules/padding.py, 2.13, which wants the last axis first; jnp.pad (jax/_src/numpy/lax_numpy.py, 0.10).
"""

from __future__ import annotations

from typing import Any

from paragone.layers.base import Function, LayerKind, Settings, Sizes, Spelling
from paragone.spelling.code import construct
from paragone.spelling.entry import Entry, Options
from paragone.spelling.site import Site
from paragone.spelling.spatial import Sides, brief, keras_sides, sides, spatial_sizes
from paragone.spelling.spelled import Spelled
from paragone.task.tensor import Tensor


class ZeroPad(Options):
    """Options of zero padding."""

    padding: Sides


def _output(options: ZeroPad, inputs: tuple[Tensor, ...]) -> Tensor:
    sizes = spatial_sizes(inputs[0])
    pads = sides(options.padding, len(sizes), "padding")
    return Tensor((*(n + sum(pad) for n, pad in zip(sizes, pads, strict=True)), inputs[0].shape[-1]))


def _keras(site: Site) -> Spelled:
    pads = sides(site.options.padding, site.rank, "padding")
    return Spelled(construct(f"layers.ZeroPadding{site.rank}D", keras_sides(pads)))


def _torch(site: Site) -> Spelled:
    pads = sides(site.options.padding, site.rank, "padding")
    numbers = tuple(number for pad in reversed(pads) for number in pad)
    return Spelled(construct(f"nn.ZeroPad{site.rank}d", brief(numbers)), layout="first")


def _jax(site: Site) -> Spelled:
    pads = ((0, 0), *sides(site.options.padding, site.rank, "padding"), (0, 0))
    return Spelled(call=f"jnp.pad({{0}}, {pads})")


def _pairs(pads: Any) -> Settings:
    """Only zeros around the spatial axes, of a whole padding."""
    return {"padding": tuple((int(a), int(b)) for a, b in pads)}


def _reads_keras(a: Any, sizes: Sizes) -> Settings:
    given = a.padding if len(sizes) > 1 else (a.padding,)
    return _pairs((one, one) if isinstance(one, int) else one for one in given)


def _reads_torch(a: Any, _sizes: Sizes) -> Settings:
    flat = list(getattr(a, "pad", None) or a.padding)
    return _pairs(list(zip(flat[::2], flat[1::2], strict=True))[::-1])


def _reads_all(a: Any, _sizes: Sizes) -> Settings:
    return _pairs(list(a.pad_width)[1:-1])


def _zeros_in_torch(a: Any) -> bool:
    return a.mode == "constant" and not a.value and len(a.pad) // 2 == len(a.input.shape) - 2 > 0


def _zeros(a: Any) -> bool:
    pads = [tuple(map(int, pair)) for pair in a.pad_width]
    plain = str(a.mode).lower() == "constant" and not a.constant_values
    return plain and len(pads) == len(a.x.shape) > 2 and pads[0] == pads[-1] == (0, 0)


_SPELLINGS = {
    "tensorflow": Spelling(
        ("ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D"),
        write=_keras,
        functions=(
            Function(
                ("keras.src.backend.tensorflow.numpy.pad",),
                "x, pad_width, mode='constant', constant_values=None",
                _reads_all,
                _zeros,
            ),
            Function(
                ("tensorflow.pad",), "x, pad_width, mode='CONSTANT', constant_values=0, name=None", _reads_all, _zeros
            ),
        ),
        reads=_reads_keras,
    ),
    "torch": Spelling(
        ("ZeroPad1d", "ZeroPad2d", "ZeroPad3d"),
        write=_torch,
        functions=(
            Function(
                ("torch.nn.functional.pad",), "input, pad, mode='constant', value=None", _reads_torch, _zeros_in_torch
            ),
        ),
        reads=_reads_torch,
        channels_at=1,
    ),
    "jax": Spelling(
        write=_jax,
        functions=(
            Function(("jax.numpy.pad",), "x, pad_width, mode='constant', constant_values=0", _reads_all, _zeros),
        ),
    ),
}
LAYER = LayerKind(
    "zero_pad",
    _SPELLINGS,
    Entry(
        "zeros around the spatial axes",
        ZeroPad,
        _output,
        examples=(
            {"padding": 1, "shape": (4, 5, 2)},
            {"padding": (1, 2), "shape": (3, 4, 2)},
            {"padding": ((0, 1), (2, 3)), "shape": (3, 4, 2)},
            {"padding": (0, 2), "shape": (5, 2)},
            {"padding": ((1, 0), (0, 2), (1, 1)), "shape": (2, 3, 2, 2)},
        ),
    ),
)
