"""Glorot uniform: U(±sqrt(6 / (fan_in + fan_out))).

Keras' default for kernels (keras/src/initializers/random_initializers.py, 3.15); `xavier_uniform_` in PyTorch
(torch/nn/init.py, 2.13); jax/_src/nn/initializers.py, 0.10.
"""

from __future__ import annotations

from math import sqrt

from paragone.initialisers.base import InitialiserKind, InitialiserOptions, Law


def _law(_options: InitialiserOptions, fan_in: int, fan_out: int) -> Law:
    bound = sqrt(6 / (fan_in + fan_out))
    return Law("uniform", (-bound, bound))


INITIALISER = InitialiserKind(
    "glorot_uniform",
    InitialiserOptions,
    _law,
    {
        "tensorflow": '"glorot_uniform"',
        "torch": "nn.init.xavier_uniform_({0})",
        "jax": "nnx.initializers.glorot_uniform()",
    },
    "U(±√(6 / (fan_in + fan_out)))",
)
