"""Orthogonal: rows or columns (whichever are fewer) at right angles to each other, each of length gain.

Keras' default for recurrent kernels (keras/src/initializers/random_initializers.py, 3.15); `orthogonal_` in PyTorch
(torch/nn/init.py, 2.13); jax/_src/nn/initializers.py, 0.10.
"""

from __future__ import annotations

from pydantic import Field

from paragone.initialisers.base import InitialiserKind, InitialiserOptions, Law


class Orthogonal(InitialiserOptions):
    """Options of the orthogonal initialiser."""

    gain: float = Field(1.0, gt=0)


def _law(options: Orthogonal, _fan_in: int, _fan_out: int) -> Law:
    return Law("orthogonal", (options.gain,))


INITIALISER = InitialiserKind(
    "orthogonal",
    Orthogonal,
    _law,
    {
        "tensorflow": '"orthogonal"',
        "torch": "nn.init.orthogonal_({0})",
        "jax": "nnx.initializers.orthogonal()",
    },
    "orthonormal rows or columns, times gain",
)
