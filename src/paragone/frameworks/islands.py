"""Functions of a framework that compute with float32 numbers even in float64, as traits that can be changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from paragone.frameworks.stand_in import StandIn

ISLANDS = {
    "gelu": ("float32-constants", "C7"),
    "leaky_relu": ("float32-constants", "C7"),
    "dot_product_attention": ("float32-attention", "H14"),
}
"""Functions that compute with float32 numbers in some framework, even in float64; and the trap that is."""


class Islands:
    """What an adapter does about them.

    Args:
        stand_ins: what stands in the place of each in this framework, by its name; others have no such function.
        exact: the same function in the precision of its input.
    """

    framework: ClassVar[str]
    stand_ins: ClassVar[Mapping[str, StandIn]] = {}
    exact: ClassVar[Mapping[str, Callable[..., Any]]] = {}
    dtype: str

    def islands(self) -> list[dict[str, Any]]:
        """Which of them the model calls; nothing in float32, where they are as any other function."""
        if self.dtype != "float64":
            return []
        called = {name for name, stand_in in self.stand_ins.items() if stand_in.called}
        told = {name: "float32" if name in called else "float64" for name in ISLANDS}
        return [_trait(name, value, settable=name in self.stand_ins) for name, value in told.items()]

    def set_island(self, name: str) -> None:
        """Have a function compute in the precision of its input, until the side is built anew."""
        if name not in self.stand_ins:
            raise NotImplementedError(f"{name} computes in float64 in {self.framework}")
        self.stand_ins[name].function = self.exact[name]


def _trait(name: str, value: str, *, settable: bool) -> dict[str, Any]:
    """The precision of the numbers inside a function, as a trait."""
    trap, row = ISLANDS[name]
    return {
        "where": name,
        "name": "constants",
        "value": value,
        "trap": trap,
        "row": row,
        "line": None,
        "settable": settable,
    }
