"""Zero padding: zeros around the spatial axes.

`padding` is one number for all sides, one for each axis, or (before, after) for each axis; with one spatial axis two
numbers are before and after. The same in all three: keras/src/layers/reshaping/zero_padding2d.py, 3.15;
torch/nn/modules/padding.py, 2.13, which wants the last axis first; jnp.pad (jax/_src/numpy/lax_numpy.py, 0.10).
"""

from __future__ import annotations

from paragone.layers.base import LayerKind, Spelling
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


LAYER = LayerKind(
    "zero_pad",
    {"tensorflow": Spelling(write=_keras), "torch": Spelling(write=_torch), "jax": Spelling(write=_jax)},
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
