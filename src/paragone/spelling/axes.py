"""Axes as task files name them: counted with the batch as 0, as in all frameworks; or from the end, as -1."""

from __future__ import annotations

from paragone.spelling.entry import UnfitError
from paragone.spelling.spelled import Layout


def sample_axis(axis: int, rank: int, option: str) -> int:
    """The place of an axis in a shape that has no batch axis.

    Args:
        axis: as the task file gives it.
        rank: number of axes beside the batch.
        option: its name.

    Raises:
        UnfitError: there is no such axis, or it is the batch.
    """
    if not (1 <= axis <= rank or -rank <= axis <= -1):
        allowed = f"1 to {rank}, or -{rank} to -1" if rank > 1 else "1 or -1" if rank else "none of a single number"
        raise UnfitError(f"an axis out of {allowed} (0 is the batch)", str(axis), option)
    return axis - 1 if axis > 0 else axis + rank


def sample_axes(axes: int | tuple[int, ...], rank: int, option: str) -> tuple[int, ...]:
    """The same for one axis or several, in order.

    Raises:
        UnfitError: there is no such axis, it is the batch, or it is named twice.
    """
    places = [sample_axis(axis, rank, option) for axis in ((axes,) if isinstance(axes, int) else axes)]
    if not places or len(set(places)) < len(places):
        raise UnfitError("different axes, at least one", str(axes), option)
    return tuple(sorted(places))


def torch_axis(place: int, rank: int, layout: Layout) -> int:
    """A place in a sample's shape as PyTorch's axis: where channels are first they stand at 1."""
    if layout == "first" and rank > 1:
        return 1 if place == rank - 1 else place + 2
    return place + 1
