"""Dropout: zero a share `rate` of the values while training and scale the others by 1 / (1 - rate).

It has no weights. All three frameworks use the inverted form, so the expectation is the same; the masks never are, so
a proof switches it off on every side and compares the rate by itself. Attention has one inside it: Keras' layer as a
layer of its own, those of PyTorch and Flax as a number (torch/nn/modules/activation.py, 2.13; flax/nnx/nn/attention.py,
0.12).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from paragone.layers.base import Attribute, Function, LayerKind, Setting, Settings, Sizes, Spelling
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


def _reads_torch(a: Any, _sizes: Sizes) -> Settings:
    return {"rate": float(a.p), "training": a.training}


def _reads_tensorflow(a: Any, _sizes: Sizes) -> Settings:
    return {"rate": float(a.rate), "training": True}


def _compute(ops: Any, inputs: tuple[Any, ...], s: Any, _weights: Any) -> Any:
    return ops.dropout(inputs[0], s.rate, s.training)


_FUNCTIONS = {
    "torch": (
        Function(
            ("torch.nn.functional.dropout", "torch.dropout"), "input, p=0.5, training=True, inplace=False", _reads_torch
        ),
    ),
    "tensorflow": (Function(("tensorflow.nn.dropout",), "x, rate, **_", _reads_tensorflow),),
}


def _spelling(
    framework: str, attribute: str, write: Write, *classes: str, inside: Mapping[str, str] | None = None
) -> Spelling:
    kept = (Attribute("rate", attribute, "dropout-rate", "F11"),)
    return Spelling(classes, (), kept, write, inside=inside or {}, functions=_FUNCTIONS.get(framework, ()))


LAYER = LayerKind(
    "dropout",
    {
        "tensorflow": _spelling(
            "tensorflow", "rate", _keras, "Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"
        ),
        "torch": _spelling("torch", "p", _torch, "_DropoutNd", inside={"MultiheadAttention": "dropout"}),
        "jax": _spelling("jax", "rate", _jax, "Dropout", inside={"MultiHeadAttention": "dropout_rate"}),
    },
    Entry(
        "while training, each number is 0 with the probability rate and scaled by 1 / (1 - rate) otherwise",
        Dropout,
        same_shape,
        rows=("F11",),
        examples=({"rate": 0.3, "shape": (7,)}, {"rate": 0.5, "shape": (4, 5, 3)}),
    ),
    (Setting("rate", "dropout-rate", "F11"),),
    _compute,
)
