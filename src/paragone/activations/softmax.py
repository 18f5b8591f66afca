"""Softmax over the last axis.

The default axis is the last in Keras (keras/src/activations/activations.py, 3.15) and JAX (jax/_src/nn/functions.py,
0.10); PyTorch wants `dim` to be said (torch/nn/functional.py, 2.13; row C6), and its channels stand at 1 in images.
"""

from __future__ import annotations

from paragone.layers.base import LayerKind, Spelling
from paragone.spelling.code import construct
from paragone.spelling.entry import Entry, NoOptions, same_shape
from paragone.spelling.spelled import Spelled

LAYER = LayerKind(
    "softmax",
    {
        "tensorflow": Spelling(write=lambda _: Spelled(construct("layers.Softmax"), argument='"softmax"')),
        "torch": Spelling(write=lambda _: Spelled(call="F.softmax({0}, dim=-1)", layout="last")),
        "jax": Spelling(write=lambda _: Spelled(call="nnx.softmax({0})")),
    },
    Entry(
        "exp(x) / Σ exp(x), over the last axis",
        NoOptions,
        same_shape,
        function=True,
        rows=("C6",),
        examples=({"shape": (7,)}, {"shape": (4, 5, 3)}),
    ),
)
