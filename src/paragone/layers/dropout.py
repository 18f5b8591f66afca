"""Dropout: zero a share `rate` of the values while training and scale the others by 1 / (1 - rate).

It has no weights. All three frameworks use the inverted form, so the expectation is the same; the masks never are, so
a proof switches it off on every side and compares the rate by itself.
"""

from __future__ import annotations

from paragone.layers.base import Attribute, LayerKind, Spelling
from paragone.spelling.code import Code, construct
from paragone.spelling.entry import Entry, Options, Rate, same_shape
from paragone.spelling.site import Site, Write
from paragone.spelling.spelled import Spelled


class Dropout(Options):
    """Options of dropout."""

    rate: Rate


def _keras(site: Site) -> Spelled:
    return Spelled(construct("layers.Dropout", site.options.rate))


def _torch(site: Site) -> Spelled:
    return Spelled(construct("nn.Dropout", site.options.rate))


def _jax(site: Site) -> Spelled:
    return Spelled(construct("nnx.Dropout", site.options.rate, rngs=Code("rngs")))


def _spelling(attribute: str, write: Write, *classes: str) -> Spelling:
    return Spelling(classes, (), (Attribute("rate", attribute, "dropout-rate", "F11"),), write)


LAYER = LayerKind(
    "dropout",
    {
        "tensorflow": _spelling("rate", _keras, "Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"),
        "torch": _spelling("p", _torch, "_DropoutNd"),
        "jax": _spelling("rate", _jax, "Dropout"),
    },
    Entry(
        "while training, each number is 0 with the probability rate and scaled by 1 / (1 - rate) otherwise",
        Dropout,
        same_shape,
        rows=("F11",),
        examples=({"rate": 0.3, "shape": (7,)}, {"rate": 0.5, "shape": (4, 5, 3)}),
    ),
)
