"""Parameters of two sides that belong together."""

from __future__ import annotations

from dataclasses import dataclass

from paragone.prove.align.slots import Slot


@dataclass(frozen=True)
class Link:
    """Parameters that hold the same: one on one side, and one or several that are stacked in it on the other.

    Args:
        a: of the first side.
        b: of the second side.
        plus: further ones of one side, each added to the one at its place there: the second of two biases.
        adds: which side that is, 0 or 1.
    """

    a: tuple[Slot, ...]
    b: tuple[Slot, ...]
    plus: tuple[Slot, ...] = ()
    adds: int = 0

    def own(self, side: int) -> tuple[Slot, ...]:
        """Those of a side that hold the weights."""
        return self.b if side else self.a

    def slots(self, side: int) -> tuple[Slot, ...]:
        """All of a side, what is added to others last."""
        return (*self.own(side), *(self.plus if self.adds == side else ()))
