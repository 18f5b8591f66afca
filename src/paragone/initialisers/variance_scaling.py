"""Any of the distributions that are scaled by the number of inputs or outputs of a weight.

`VarianceScaling` in Keras (keras/src/initializers/random_initializers.py, 3.15; its defaults are those here) and
`variance_scaling` in JAX (jax/_src/nn/initializers.py, 0.10); PyTorch has only special cases (torch/nn/init.py, 2.13).
"""

from __future__ import annotations

from math import sqrt
from typing import Annotated, Literal

from pydantic import Field

from paragone.initialisers.base import CUT_STDDEV, InitialiserKind, InitialiserOptions, Law


class VarianceScaling(InitialiserOptions):
    """Options of variance scaling."""

    scale: Annotated[float, Field(gt=0)] = 1.0
    mode: Literal["fan_in", "fan_out", "fan_avg"] = "fan_in"
    distribution: Literal["truncated_normal", "normal", "uniform"] = "truncated_normal"


def _law(options: VarianceScaling, fan_in: int, fan_out: int) -> Law:
    fan = {"fan_in": float(fan_in), "fan_out": float(fan_out), "fan_avg": (fan_in + fan_out) / 2}[options.mode]
    stddev = sqrt(options.scale / fan)
    if options.distribution == "uniform":
        return Law("uniform", (-sqrt(3.0) * stddev, sqrt(3.0) * stddev))
    if options.distribution == "normal":
        return Law("normal", (stddev,))
    return Law("truncated_normal", (stddev / CUT_STDDEV,))


INITIALISER = InitialiserKind(
    "variance_scaling",
    VarianceScaling,
    _law,
    {},
    "variance scale / fan: uniform, normal, or normal cut at two standard deviations and stretched to that variance",
)
