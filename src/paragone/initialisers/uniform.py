"""Uniform between two numbers.

Keras' default for embeddings, from -0.05 to 0.05 (keras/src/initializers/random_initializers.py, 3.15); `uniform_` in
PyTorch (torch/nn/init.py, 2.13). `jax.nn.initializers.uniform` draws from 0 to its scale
(jax/_src/nn/initializers.py, 0.10), so sides in JAX bring a helper.
"""

from __future__ import annotations

from pydantic import model_validator

from paragone.initialisers.base import InitialiserKind, InitialiserOptions, Law


class Uniform(InitialiserOptions):
    """Options of the uniform initialiser."""

    low: float = -0.05
    high: float = 0.05

    @model_validator(mode="after")
    def _ordered(self) -> Uniform:
        if self.low >= self.high:
            raise ValueError("low below high")
        return self


def _law(options: Uniform, _fan_in: int, _fan_out: int) -> Law:
    return Law("uniform", (options.low, options.high))


INITIALISER = InitialiserKind(
    "uniform", Uniform, _law, {"tensorflow": '"uniform"'}, "U(low, high), by default U(±0.05)"
)
