"""LeCun uniform: U(±sqrt(3 / fan_in)).

Keras `lecun_uniform` (keras/src/initializers/random_initializers.py, 3.15), `kaiming_uniform_` without a gain in
PyTorch (torch/nn/init.py, 2.13), `lecun_uniform` in JAX (jax/_src/nn/initializers.py, 0.10).
"""

from __future__ import annotations

from math import sqrt

from paragone.initialisers.base import InitialiserKind, InitialiserOptions, Law


def _law(_options: InitialiserOptions, fan_in: int, _fan_out: int) -> Law:
    bound = sqrt(3 / fan_in)
    return Law("uniform", (-bound, bound))


INITIALISER = InitialiserKind(
    "lecun_uniform",
    InitialiserOptions,
    _law,
    {
        "tensorflow": '"lecun_uniform"',
        "torch": 'nn.init.kaiming_uniform_({0}, nonlinearity="linear")',
        "jax": "nnx.initializers.lecun_uniform()",
    },
    "U(±√(3 / fan_in))",
)
