"""Truncated normal distribution around 0.

`TruncatedNormal` in Keras (keras/src/initializers/random_initializers.py, 3.15) and `truncated_normal` in JAX
(jax/_src/nn/initializers.py, 0.10) cut at two standard deviations and do not stretch: the numbers drawn have the
standard deviation 0.88 · stddev. PyTorch's `trunc_normal_` cuts at -2 and 2 by default (torch/nn/init.py, 2.13; row
A12), so the bounds are written. The default of the standard deviation is that of Keras.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from paragone.initialisers.base import InitialiserKind, InitialiserOptions, Law


class TruncatedNormal(InitialiserOptions):
    """Options of a truncated normal distribution."""

    stddev: Annotated[float, Field(gt=0)] = 0.05


def _law(options: TruncatedNormal, _fan_in: int, _fan_out: int) -> Law:
    return Law("truncated_normal", (options.stddev,))


INITIALISER = InitialiserKind(
    "truncated_normal",
    TruncatedNormal,
    _law,
    {},
    "N(0, stddev²), cut at two standard deviations",
)
