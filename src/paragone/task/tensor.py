"""What a task knows of a value that flows through its model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["float", "int", "bool"]
MAX_AXES = 8
"""More axes than any layer here can use, beside the batch."""


@dataclass(frozen=True)
class Tensor:
    """Shape and kind of a value, in the task's own layout: channels last, sequences as (time, feature).

    Args:
        shape: without the batch axis; `()` is one number for each sample.
        kind: floating, whole numbers, or truth values.
    """

    shape: tuple[int, ...]
    kind: Kind = "float"

    @property
    def size(self) -> int:
        """Numbers in one sample."""
        total = 1
        for axis in self.shape:
            total *= axis
        return total

    def words(self) -> str:
        """As it is written in messages: `(28, 28, 1)`, `(12,) of int`."""
        text = f"({', '.join(map(str, self.shape))}{',' if len(self.shape) == 1 else ''})"
        return text if self.kind == "float" else f"{text} of {self.kind}"
