"""Flatten: all axes of a sample become one, in the order of channels last.

A PyTorch image is channels first, so its own flatten gives another order (row G11 of the catalogue): the kernel of the
dense layer behind it is permuted. `matched` moves the channels last before it; `plain` flattens as it is. Source:
torch/nn/modules/flatten.py, 2.13; keras/src/layers/reshaping/flatten.py, 3.15.
"""

from __future__ import annotations

from paragone.layers.base import LayerKind, Spelling
from paragone.spelling.code import construct
from paragone.spelling.entry import Entry, NoOptions, UnfitError
from paragone.spelling.site import Site
from paragone.spelling.spelled import Note, Spelled
from paragone.task.tensor import Tensor


def _output(_options: NoOptions, inputs: tuple[Tensor, ...]) -> Tensor:
    if not inputs[0].shape:
        raise UnfitError("an input with at least one axis", inputs[0].words())
    return Tensor((inputs[0].size,), inputs[0].kind)


def _keras(_site: Site) -> Spelled:
    return Spelled(construct("layers.Flatten"))


def _torch(site: Site) -> Spelled:
    """In `plain` the order is PyTorch's own: see `flat_rows` of the recipe for what that does to the next kernel."""
    if site.matched and len(site.inputs[0].shape) > 1:
        note = Note("G11", "flattened in the order of channels last, so that the next layer's rows mean the same")
        return Spelled(call="{0}.flatten(1)", layout="last", notes=(note,))
    return Spelled(call="{0}.flatten(1)", layout="any", gives="last")


def _jax(_site: Site) -> Spelled:
    return Spelled(call="{0}.reshape({0}.shape[0], -1)")


LAYER = LayerKind(
    "flatten",
    {"tensorflow": Spelling(write=_keras), "torch": Spelling(write=_torch), "jax": Spelling(write=_jax)},
    Entry(
        "all axes of a sample become one, channels last",
        NoOptions,
        _output,
        rows=("G11",),
        examples=({"shape": (4, 5, 3)}, {"shape": (6, 2)}, {"shape": (7,)}),
    ),
)
