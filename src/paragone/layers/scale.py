"""Multiplication by a fixed number, and a fixed number added.

Keras' `Rescaling` takes its numbers through float32 (`ops.cast` of a Python number on TensorFlow:
keras/src/layers/preprocessing/rescaling.py, 3.15; row C7): 1e-8 off in float64. PyTorch and JAX multiply.
"""

from __future__ import annotations

from paragone.layers.base import LayerKind, Spelling
from paragone.spelling.code import construct, unless
from paragone.spelling.entry import Entry, Options, UnfitError
from paragone.spelling.site import Site
from paragone.spelling.spelled import Note, Spelled
from paragone.task.tensor import Tensor


class Scale(Options):
    """Options of a scaling."""

    factor: float
    offset: float = 0.0


def _output(_options: Scale, inputs: tuple[Tensor, ...]) -> Tensor:
    if inputs[0].kind != "float":
        raise UnfitError("an input of floating numbers", inputs[0].words())
    return inputs[0]


def _expression(site: Site) -> str:
    o: Scale = site.options
    return f"{o.factor!r} * {{0}}" + (f" + {o.offset!r}" if o.offset else "")


def _keras(site: Site) -> Spelled:
    o: Scale = site.options
    if site.matched:
        note = Note("C7", "Keras' Rescaling takes its numbers through float32")
        return Spelled(call=_expression(site), notes=(note,))
    return Spelled(construct("layers.Rescaling", o.factor, offset=unless(0.0, o.offset)))


def _expressed(site: Site) -> Spelled:
    return Spelled(call=_expression(site))


LAYER = LayerKind(
    "scale",
    {"tensorflow": Spelling(write=_keras), "torch": Spelling(write=_expressed), "jax": Spelling(write=_expressed)},
    Entry(
        "factor · x + offset",
        Scale,
        _output,
        rows=("C7",),
        examples=({"factor": 0.1, "shape": (7,)}, {"factor": -0.3, "offset": 1.7, "shape": (4, 5, 3)}),
    ),
)
