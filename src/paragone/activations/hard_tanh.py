"""Hard tanh: x cut to -1 … 1.

The same in keras.activations.hard_tanh (3.15), torch.nn.functional.hardtanh (2.13) and jax.nn.hard_tanh (0.10), except
for the derivative at exactly -1 and 1: 1 on TensorFlow and in JAX, 0 in PyTorch. Canonical is 1, as in torch.clamp.
"""

from __future__ import annotations

from typing import Any

from paragone.activations.base import activation, called, named, seen
from paragone.layers.base import Setting, Settings, Sizes
from paragone.spelling.site import Site
from paragone.spelling.spelled import Note, Spelled


def _torch(site: Site) -> Spelled:
    if not site.matched:
        return Spelled(call="F.hardtanh({0})")
    note = Note("C9", "the derivative of PyTorch's hardtanh at exactly -1 and 1 is 0, elsewhere it is 1")
    return Spelled(call="torch.clamp({0}, -1.0, 1.0)", notes=(note,))


def _unit(_a: Any, _sizes: Sizes) -> Settings:
    return {"low": -1.0, "high": 1.0}


def _range(a: Any, _sizes: Sizes) -> Settings:
    return {"low": float(a.min_val), "high": float(a.max_val)}


def _compute(ops: Any, inputs: tuple[Any, ...], s: Any, _weights: Any) -> Any:
    (x,) = inputs
    return ops.where(x < s.low, ops.constant(s.low, x), ops.where(x > s.high, ops.constant(s.high, x), x))


LAYER = activation(
    "hard_tanh",
    "min(max(x, -1), 1)",
    named("hard_tanh"),
    _torch,
    called("nnx.hard_tanh({0})"),
    rows=("C9",),
    compute=_compute,
    settings=(Setting("low", "hard-tanh-range", None, -1.0), Setting("high", "hard-tanh-range", None, 1.0)),
    found={
        "tensorflow": seen("tensorflow", "", "hard_tanh", reads=_unit),
        "torch": seen("torch", "Hardtanh", "hardtanh", "input, min_val=-1.0, max_val=1.0, inplace=False", _range),
        "jax": seen("jax", "", "hard_tanh", reads=_unit),
    },
)
