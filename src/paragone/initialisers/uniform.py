"""Uniform between two numbers.

`RandomUniform` in Keras (keras/src/initializers/random_initializers.py, 3.15), `uniform_` in PyTorch
(torch/nn/init.py, 2.13); JAX' own `uniform` draws from 0 to its scale (jax/_src/nn/initializers.py, 0.10).
The defaults are those of Keras.
"""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from paragone.initialisers.base import InitialiserKind, InitialiserOptions, Law


class Uniform(InitialiserOptions):
    """Options of a uniform distribution."""

    low: float = -0.05
    high: float = 0.05

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low >= self.high:
            raise ValueError("low must be below high")
        return self


def _law(options: Uniform, _fan_in: int, _fan_out: int) -> Law:
    return Law("uniform", (options.low, options.high))


INITIALISER = InitialiserKind(
    "uniform",
    Uniform,
    _law,
    {},
    "U(low, high)",
)
