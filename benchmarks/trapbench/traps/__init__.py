"""The planters: one file for each group of the catalogue, each with a list `TRAPS`."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path

from benchmarks.trapbench.traps.base import Trap

BEYOND = "K"
"""The group of what is no row of the catalogue."""


@cache
def traps() -> tuple[Trap, ...]:
    """All planters, group by group."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("[a-k]_*.py"))
    return tuple(trap for name in names for trap in import_module(f"{__name__}.{name}").TRAPS)
