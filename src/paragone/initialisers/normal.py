"""Normal distribution around 0.

`RandomNormal` in Keras (keras/src/initializers/random_initializers.py, 3.15), `normal_` in PyTorch (torch/nn/init.py,
2.13), `normal` in JAX (jax/_src/nn/initializers.py, 0.10). The default of the standard deviation is that of Keras.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from paragone.initialisers.base import InitialiserKind, InitialiserOptions, Law


class Normal(InitialiserOptions):
    """Options of a normal distribution."""

    stddev: Annotated[float, Field(gt=0)] = 0.05


def _law(options: Normal, _fan_in: int, _fan_out: int) -> Law:
    return Law("normal", (options.stddev,))


INITIALISER = InitialiserKind(
    "normal",
    Normal,
    _law,
    {},
    "N(0, stddev²)",
)
