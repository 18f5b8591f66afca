"""He normal: a normal distribution of variance 2 / fan_in, cut at two standard deviations.

Keras (keras/src/initializers/random_initializers.py, 3.15) and JAX (jax/_src/nn/initializers.py, 0.10) cut it and
stretch what is left to the variance; PyTorch's `kaiming_normal_` does not cut (torch/nn/init.py, 2.13; row A11), so
PyTorch sides draw with `trunc_normal_` in numbers.
"""

from __future__ import annotations

from math import sqrt

from paragone.initialisers.base import CUT_STDDEV, InitialiserKind, InitialiserOptions, Law


def _law(_options: InitialiserOptions, fan_in: int, _fan_out: int) -> Law:
    return Law("truncated_normal", (sqrt(2 / fan_in) / CUT_STDDEV,))


INITIALISER = InitialiserKind(
    "he_normal",
    InitialiserOptions,
    _law,
    {"tensorflow": '"he_normal"', "jax": "nnx.initializers.he_normal()"},
    "N(0, 2 / fan_in), cut at two standard deviations and stretched to that variance",
)
