"""He uniform: U(±sqrt(6 / fan_in)).

Keras `he_uniform` (keras/src/initializers/random_initializers.py, 3.15), `kaiming_uniform_` for ReLU in PyTorch
(torch/nn/init.py, 2.13; its default a = 0 and gain √2), `he_uniform` in JAX (jax/_src/nn/initializers.py, 0.10).
"""

from __future__ import annotations

from math import sqrt

from paragone.initialisers.base import InitialiserKind, InitialiserOptions, Law


def _law(_options: InitialiserOptions, fan_in: int, _fan_out: int) -> Law:
    bound = sqrt(6 / fan_in)
    return Law("uniform", (-bound, bound))


INITIALISER = InitialiserKind(
    "he_uniform",
    InitialiserOptions,
    _law,
    {
        "tensorflow": '"he_uniform"',
        "torch": 'nn.init.kaiming_uniform_({0}, nonlinearity="relu")',
        "jax": "nnx.initializers.he_uniform()",
    },
    "U(±√(6 / fan_in))",
)
