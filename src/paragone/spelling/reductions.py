"""Sums and means over axes of a sample."""

from __future__ import annotations

from paragone.layers.base import LayerKind, Spelling
from paragone.spelling.axes import sample_axes, torch_axis
from paragone.spelling.code import literal
from paragone.spelling.entry import Entry, Options, UnfitError
from paragone.spelling.site import Site, Write
from paragone.spelling.spelled import Layout, Spelled
from paragone.task.tensor import Tensor


class Reduction(Options):
    """Options of a reduction."""

    axis: int | tuple[int, ...] = -1
    keepdims: bool = False


def _output(options: Reduction, inputs: tuple[Tensor, ...]) -> Tensor:
    shape = inputs[0].shape
    places = sample_axes(options.axis, len(shape), "axis")
    if inputs[0].kind != "float":
        raise UnfitError("an input of floating numbers", inputs[0].words())
    if options.keepdims:
        return Tensor(tuple(1 if place in places else size for place, size in enumerate(shape)))
    return Tensor(tuple(size for place, size in enumerate(shape) if place not in places))


def _arguments(site: Site) -> str:
    o: Reduction = site.options
    return f"axis={literal(o.axis)}" + (", keepdims=True" if o.keepdims else "")


def _torch(name: str) -> Write:
    def write(site: Site) -> Spelled:
        o: Reduction = site.options
        rank = len(site.inputs[0].shape)
        places = sample_axes(o.axis, rank, "axis")
        axes = sorted(torch_axis(place, rank, site.layout) for place in places)
        dim = axes[0] if len(axes) == 1 else tuple(axes)
        gives: Layout | None = "last" if rank - 1 in places and not o.keepdims else None
        keep = ", keepdim=True" if o.keepdims else ""
        return Spelled(call=f"{{0}}.{name}(dim={literal(dim)}{keep})", gives=gives)

    return write


def reduction(name: str, computes: str) -> LayerKind:
    """`sum` or `mean`, which all frameworks call so."""
    return LayerKind(
        name,
        {
            "tensorflow": Spelling(write=lambda site: Spelled(call=f"ops.{name}({{0}}, {_arguments(site)})")),
            "torch": Spelling(write=_torch(name)),
            "jax": Spelling(write=lambda site: Spelled(call=f"{{0}}.{name}({_arguments(site)})")),
        },
        Entry(
            computes,
            Reduction,
            _output,
            examples=(
                {"shape": (7,), "keepdims": True},
                {"axis": 1, "shape": (4, 3)},
                {"axis": [1, 2], "shape": (4, 5, 3)},
                {"axis": -1, "shape": (4, 5, 3)},
            ),
        ),
    )
