"""Softmax over the last axis.

The default axis is the last in Keras (keras/src/activations/activations.py, 3.15) and JAX (jax/_src/nn/functions.py,
0.10); PyTorch wants `dim` to be said (torch/nn/functional.py, 2.13; row C6), and its channels stand at 1 in images.
"""

from __future__ import annotations

from paragone.activations.base import activation, called, over_channels
from paragone.spelling.code import construct
from paragone.spelling.spelled import Spelled

LAYER = activation(
    "softmax",
    "exp(x) / Σ exp(x), over the last axis",
    lambda _: Spelled(construct("layers.Softmax"), argument='"softmax"'),
    over_channels("F.softmax"),
    called("nnx.softmax({0})"),
    rows=("C6",),
)
