"""Cropping: places cut off from both ends of the spatial axes.

`cropping` is one number for all sides, one for each axis, or (before, after) for each axis; with one spatial axis two
numbers are before and after. Keras has a layer (keras/src/layers/reshaping/cropping2d.py, 3.15); in PyTorch and JAX it
is a slice.
"""

from __future__ import annotations

from paragone.layers.base import LayerKind, Spelling
from paragone.spelling.code import construct
from paragone.spelling.entry import Entry, Options, UnfitError
from paragone.spelling.site import Site
from paragone.spelling.spatial import Sides, keras_sides, sides, spatial_sizes
from paragone.spelling.spelled import Spelled
from paragone.task.tensor import Tensor


class Crop(Options):
    """Options of cropping."""

    cropping: Sides


def _output(options: Crop, inputs: tuple[Tensor, ...]) -> Tensor:
    sizes = spatial_sizes(inputs[0])
    cuts = sides(options.cropping, len(sizes), "cropping")
    left = tuple(n - sum(cut) for n, cut in zip(sizes, cuts, strict=True))
    if min(left) < 1:
        raise UnfitError(f"less than there is of {Tensor(sizes).words()}", str(cuts), "cropping")
    return Tensor((*left, inputs[0].shape[-1]))


def _slices(site: Site) -> str:
    cuts = sides(site.options.cropping, site.rank, "cropping")
    return ", ".join(f"{before or ''}:{-after or ''}" for before, after in cuts)


def _keras(site: Site) -> Spelled:
    cuts = sides(site.options.cropping, site.rank, "cropping")
    return Spelled(construct(f"layers.Cropping{site.rank}D", keras_sides(cuts)))


def _torch(site: Site) -> Spelled:
    leading = ":, :" if site.layout == "first" else ":"
    return Spelled(call=f"{{0}}[{leading}, {_slices(site)}]")


def _jax(site: Site) -> Spelled:
    return Spelled(call=f"{{0}}[:, {_slices(site)}]")


LAYER = LayerKind(
    "crop",
    {"tensorflow": Spelling(write=_keras), "torch": Spelling(write=_torch), "jax": Spelling(write=_jax)},
    Entry(
        "places cut off from the ends of the spatial axes",
        Crop,
        _output,
        examples=(
            {"cropping": 1, "shape": (4, 5, 2)},
            {"cropping": (1, 2), "shape": (3, 6, 2)},
            {"cropping": ((0, 1), (2, 0)), "shape": (3, 4, 2)},
            {"cropping": (0, 2), "shape": (5, 2)},
            {"cropping": ((1, 0), (0, 2), (1, 1)), "shape": (2, 3, 4, 2)},
        ),
    ),
)
