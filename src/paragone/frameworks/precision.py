"""How a framework computes in another precision than float32 while it is timed: its own idiom of mixed precision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from paragone.errors import SideError
from paragone.frameworks.base import Batch
from paragone.measure.precision import FLOAT32


def _as_it_is(_side: Any) -> None:
    """What float32 does to a side."""


def _unsaid(_side: Any) -> str:
    return ""


def _unseen(_side: Any, _batch: Batch) -> list[str]:
    return []


@dataclass(frozen=True)
class Precision:
    """One precision of a framework; as it stands float32, in which nothing is done.

    Args:
        name: of the precision.
        around: entered while the side's file runs, once the seed stands.
        put: does the rest to the side, once its model, loss and optimizer are found.
        calling: entered for each call of the model beside training.
        said: what was done, for the report.
        products: the dtype of each matrix product and convolution of a forward pass, by experiment.
        loops: tables of loops (`LOOPS`, `INFERENCE`) that take the place of the framework's own.
    """

    name: str = FLOAT32
    around: Callable[[], AbstractContextManager[Any]] = nullcontext
    put: Callable[[Any], None] = _as_it_is
    calling: Callable[[], AbstractContextManager[Any]] = nullcontext
    said: Callable[[Any], str] = _unsaid
    products: Callable[[Any, Batch], list[str]] = _unseen
    loops: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def loop(self, loops: ModuleType, table: str, track: str) -> Any:
        """The canonical loop of a track in this precision."""
        return self.loops.get(table, getattr(loops, table))[track]


def precision_of(loops: ModuleType, name: str) -> Precision:
    """A precision of a framework, whose module of loops has them in `PRECISIONS`.

    Raises:
        SideError: the framework has no such precision.
    """
    if name == FLOAT32:
        return Precision()
    known: Mapping[str, Precision] = getattr(loops, "PRECISIONS", {})
    if name not in known:
        raise SideError(f"its framework's adapter has no {name}", where="--precision")
    return known[name]
