"""Dot products over the last axis of two values.

Two vectors give one number, two sequences (n, d) and (m, d) all products (n, m): Keras' `Dot(axes=-1)`
(keras/src/layers/merging/dot.py, 3.15); in PyTorch and JAX a sum of products and a matrix product.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from paragone.layers.base import LayerKind, Sizes, Spelling
from paragone.spelling.code import construct
from paragone.spelling.entry import Entry, NoOptions, UnfitError, check_floating
from paragone.spelling.site import Site
from paragone.spelling.spelled import Spelled
from paragone.task.tensor import Tensor


def _output(_options: NoOptions, inputs: tuple[Tensor, ...]) -> Tensor:
    check_floating(*inputs)
    a, b = (tensor.shape for tensor in inputs)
    if not (len(a) == len(b) and len(a) in {1, 2} and a[-1] == b[-1]):
        raise UnfitError("two vectors or two sequences with a last axis of one size", f"{a} and {b}")
    return Tensor((a[0], b[0]) if len(a) == 2 else (1,))


def _keras(_site: Site) -> Spelled:
    return Spelled(construct("layers.Dot", axes=-1), "{layer}([{0}, {1}])")


def _torch(site: Site) -> Spelled:
    call = "{0} @ {1}.mT" if site.rank else "({0} * {1}).sum(dim=1, keepdim=True)"
    return Spelled(call=call, layout="last")


def _jax(site: Site) -> Spelled:
    return Spelled(call="{0} @ {1}.mT" if site.rank else "({0} * {1}).sum(axis=1, keepdims=True)")


def _products(inputs: tuple[Sizes, ...], output: Sizes, _weights: Mapping[str, Sizes]) -> float:
    """Every number of the output is a sum over the last axis."""
    return float(math.prod(output) * inputs[0][-1])


LAYER = LayerKind(
    "dot",
    {"tensorflow": Spelling(write=_keras), "torch": Spelling(write=_torch), "jax": Spelling(write=_jax)},
    Entry(
        "Σ a · b over the last axis: one number of two vectors, (n, m) of two sequences of n and m",
        NoOptions,
        _output,
        n_inputs=(2, 2),
        examples=({"shapes": [(5,), (5,)]}, {"shapes": [(4, 5), (3, 5)]}),
    ),
    products=_products,
)
