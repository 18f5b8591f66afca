"""One number.

`Constant` in Keras 3.15, torch.nn.init.constant_ (2.13), nnx.initializers.constant (0.12).
"""

from __future__ import annotations

from paragone.initialisers.base import InitialiserKind, InitialiserOptions, Law


class Constant(InitialiserOptions):
    """Options of a constant start."""

    value: float = 0.0


def _law(options: Constant, _fan_in: int, _fan_out: int) -> Law:
    return Law("constant", (options.value,))


INITIALISER = InitialiserKind(
    "constant",
    Constant,
    _law,
    {},
    "value",
)
