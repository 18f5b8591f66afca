"""Gradients that are added up over several batches before a step: told as a trait, and left out on demand (row E20)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from paragone.frameworks.common import SideAdapter

ACCUMULATION, EACH = "accumulation", "every batch"
"""The trait of an optimizer, and its value where each batch makes a step."""
MEAN, SUM = "mean", "sum"
_ROUNDED = "kept in float32"


@dataclass(frozen=True)
class Rhythm:
    """When there is a step.

    Args:
        batches: how many make a step.
        form: whether it takes the `mean` or the `sum` of their gradients; empty where that cannot be told.
        rounded: what is added up is kept in float32 by a side that computes in float64.
    """

    batches: int = 1
    form: str = MEAN
    rounded: bool = False

    @property
    def spoken(self) -> str:
        """As the value of the trait."""
        if self.batches == 1:
            return EACH
        return ", ".join(filter(None, [f"every {self.batches} batches", self.form, _ROUNDED * self.rounded]))

    @property
    def factor(self) -> float:
        """What makes the whole gradient of a batch of the share that is added up."""
        return float(self.batches) if self.form == MEAN else 1.0

    @classmethod
    def understood(cls, value: str) -> Rhythm:
        """From the value of the trait."""
        if value == EACH:
            return cls()
        batches, *rest = value.split(", ")
        form = next((one for one in (MEAN, SUM) if one in rest), "")
        return cls(int(batches.split()[1]), form, _ROUNDED in rest)


def accumulation_traits(adapter: SideAdapter, line: int | None) -> list[dict[str, Any]]:
    """How many batches make a step; nothing where that cannot be told.

    A side that steps at each batch is not made to add up: the other one can be made to step, in every framework.
    """
    value, settable = adapter.accumulation()
    if not value:
        return []
    row = {"where": "optimizer", "name": ACCUMULATION, "value": value, "trap": "gradient-accumulation", "row": "E20"}
    return [{**row, "line": line, "settable": settable and value != EACH}]
