"""Another shape for each sample, in the order of channels last.

The same in Keras (keras/src/layers/reshaping/reshape.py, 3.15), PyTorch and JAX, except that a PyTorch image is
channels first: reshaped as it is, its values would come in another order (row G11). So the channels are moved last
before it.
"""

from __future__ import annotations

from math import prod

from paragone.layers.base import LayerKind, Spelling
from paragone.spelling.code import construct
from paragone.spelling.entry import Entry, Options, UnfitError
from paragone.spelling.site import Site
from paragone.spelling.spelled import Spelled
from paragone.task.tensor import Tensor


class Reshape(Options):
    """Options of a reshape."""

    target_shape: tuple[int, ...]


def _output(options: Reshape, inputs: tuple[Tensor, ...]) -> Tensor:
    wanted, size = options.target_shape, inputs[0].size
    if wanted.count(-1) > 1 or any(axis == 0 or axis < -1 for axis in wanted):
        raise UnfitError("sizes of at least 1, and -1 at most once", str(wanted), "target_shape")
    known = prod(axis for axis in wanted if axis != -1)
    if size % known or (-1 not in wanted and known != size):
        raise UnfitError(f"a shape of the {size} numbers of {inputs[0].words()}", str(wanted), "target_shape")
    return Tensor(tuple(size // known if axis == -1 else axis for axis in wanted), inputs[0].kind)


def _expression(site: Site) -> str:
    return f"{{0}}.reshape({', '.join(map(str, (-1, *site.output.shape)))})"


LAYER = LayerKind(
    "reshape",
    {
        "tensorflow": Spelling(write=lambda site: Spelled(construct("layers.Reshape", site.output.shape))),
        "torch": Spelling(write=lambda site: Spelled(call=_expression(site), layout="last")),
        "jax": Spelling(write=lambda site: Spelled(call=_expression(site))),
    },
    Entry(
        "the numbers of a sample in another shape, channels last",
        Reshape,
        _output,
        rows=("G11",),
        examples=({"target_shape": (2, 3, 2), "shape": (12,)}, {"target_shape": (-1, 6), "shape": (4, 3, 2)}),
    ),
)
