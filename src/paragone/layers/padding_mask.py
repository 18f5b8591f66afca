"""Padding mask: True where a token is not the one that fills a sequence up.

Keras makes such a mask behind the scenes (`mask_zero`, which every layer behind it inherits), PyTorch and Flax do not
(rows H6, H8): in a task it is a value like any other, given to the layers that shall see it.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from paragone.layers.base import LayerKind, Spelling
from paragone.spelling.entry import Entry, Options, UnfitError
from paragone.spelling.site import Site
from paragone.spelling.spelled import Spelled
from paragone.task.tensor import Tensor


class PaddingMask(Options):
    """Options of a padding mask; `pad_id`: the token that fills a sequence up."""

    pad_id: Annotated[int, Field(ge=0, lt=2**31, strict=True)] = 0


def _output(_options: PaddingMask, inputs: tuple[Tensor, ...]) -> Tensor:
    if inputs[0].kind != "int" or len(inputs[0].shape) != 1:
        raise UnfitError("tokens (time,) of int", inputs[0].words())
    return Tensor(inputs[0].shape, "bool")


def _keras(site: Site) -> Spelled:
    return Spelled(call=f"ops.not_equal({{0}}, {site.options.pad_id})")


def _operator(site: Site) -> Spelled:
    return Spelled(call=f"{{0}} != {site.options.pad_id}")


LAYER = LayerKind(
    "padding_mask",
    {"tensorflow": Spelling(write=_keras), "torch": Spelling(write=_operator), "jax": Spelling(write=_operator)},
    Entry(
        "token != pad_id",
        PaddingMask,
        _output,
        rows=("H6", "H8"),
        examples=({"shape": (5,), "kinds": ("int",)}, {"pad_id": 2, "shape": (4,), "kinds": ("int",), "high": 4}),
    ),
)
