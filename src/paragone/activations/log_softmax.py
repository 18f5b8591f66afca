"""Log-softmax over the last axis: x - log Σ exp(x).

The default axis is the last in Keras (keras/src/activations/activations.py, 3.15) and JAX (jax/_src/nn/functions.py,
0.10); PyTorch wants `dim` to be said (torch/nn/functional.py, 2.13; row C6), and its channels stand at 1 in images.
"""

from __future__ import annotations

from paragone.activations.base import activation, called, named, over_channels

LAYER = activation(
    "log_softmax",
    "x - log Σ exp(x), over the last axis",
    named("log_softmax"),
    over_channels("F.log_softmax"),
    called("nnx.log_softmax({0})"),
    rows=("C6",),
)
