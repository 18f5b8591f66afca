"""Softplus: log(1 + exp(x)).

Exact in keras.activations.softplus (3.15) and jax.nn.softplus (0.10). PyTorch gives x itself above a threshold, 20 by
default (torch/nn/functional.py, 2.13; row C4): 1.3e-9 off there. From 40 on both are the same number in float64.
"""

from __future__ import annotations

from typing import Any

from paragone.activations.base import activation, called, named, seen
from paragone.activations.exact import softplus
from paragone.layers.base import Setting, Settings, Sizes
from paragone.spelling.site import Site
from paragone.spelling.spelled import Note, Spelled


def _torch(site: Site) -> Spelled:
    if not site.matched:
        return Spelled(call="F.softplus({0})")
    note = Note("C4", "PyTorch's softplus is x itself above 20 by default; above 40 that is exact")
    return Spelled(call="F.softplus({0}, threshold=40)", notes=(note,))


def _threshold(a: Any, _sizes: Sizes) -> Settings:
    return {"threshold": float(a.threshold)}


def _exact(_a: Any, _sizes: Sizes) -> Settings:
    return {"threshold": None}


def _compute(ops: Any, inputs: tuple[Any, ...], s: Any, _weights: Any) -> Any:
    (x,) = inputs
    smooth = softplus(ops, x)
    if s.threshold is None:
        return smooth
    return ops.where(x > s.threshold, x, smooth)


LAYER = activation(
    "softplus",
    "log(1 + exp(x))",
    named("softplus"),
    _torch,
    called("nnx.softplus({0})"),
    rows=("C4",),
    compute=_compute,
    settings=(Setting("threshold", "softplus-threshold", "C4"),),
    found={
        "tensorflow": seen("tensorflow", "", "softplus", "x, **_", reads=_exact),
        "torch": seen("torch", "Softplus", "softplus", "input, beta=1, threshold=20", reads=_threshold),
        "jax": seen("jax", "", "softplus", "x, **_", reads=_exact),
    },
)
