"""Orthogonal rows or columns of the kernel, flattened to a matrix, times a gain.

`Orthogonal` in Keras (keras/src/initializers/random_initializers.py, 3.15), `orthogonal_` in PyTorch
(torch/nn/init.py, 2.13) and `orthogonal` in JAX (jax/_src/nn/initializers.py, 0.10): all take the Q of a normal
matrix, so the law is the same. Only for weights with at least two axes.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from paragone.initialisers.base import InitialiserKind, InitialiserOptions, Law


class Orthogonal(InitialiserOptions):
    """Options of an orthogonal start."""

    gain: Annotated[float, Field(gt=0)] = 1.0


def _law(options: Orthogonal, _fan_in: int, _fan_out: int) -> Law:
    return Law("orthogonal", (options.gain,))


INITIALISER = InitialiserKind(
    "orthogonal",
    Orthogonal,
    _law,
    {},
    "a random matrix with orthogonal rows or columns, times gain",
)
