"""Another order of the axes of each sample; 1 is the first behind the batch.

Keras' `dims` (keras/src/layers/reshaping/permute.py, 3.15) leave the batch out, PyTorch and JAX name it. The axes are
those of channels last: a PyTorch image is brought there first.
"""

from __future__ import annotations

from paragone.layers.base import LayerKind, Spelling
from paragone.spelling.code import construct
from paragone.spelling.entry import Entry, Options, UnfitError
from paragone.spelling.site import Site
from paragone.spelling.spelled import Spelled
from paragone.task.tensor import Tensor


class Permute(Options):
    """Options of a permutation."""

    axes: tuple[int, ...]


def _output(options: Permute, inputs: tuple[Tensor, ...]) -> Tensor:
    shape = inputs[0].shape
    if sorted(options.axes) != list(range(1, len(shape) + 1)):
        raise UnfitError(f"each axis from 1 to {len(shape)} once", str(options.axes), "axes")
    return Tensor(tuple(shape[axis - 1] for axis in options.axes), inputs[0].kind)


def _axes(site: Site) -> str:
    return ", ".join(map(str, (0, *site.options.axes)))


LAYER = LayerKind(
    "permute",
    {
        "tensorflow": Spelling(write=lambda site: Spelled(construct("layers.Permute", site.options.axes))),
        "torch": Spelling(write=lambda site: Spelled(call=f"{{0}}.permute({_axes(site)})", layout="last")),
        "jax": Spelling(write=lambda site: Spelled(call=f"{{0}}.transpose({_axes(site)})")),
    },
    Entry(
        "the axes of a sample in another order (1 is the first behind the batch)",
        Permute,
        _output,
        examples=({"axes": (2, 1), "shape": (4, 3)}, {"axes": (3, 1, 2), "shape": (4, 5, 3)}),
    ),
)
