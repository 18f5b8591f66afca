"""One file a tool, found by its name, each with a `TOOL`."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from benchmarks.scoreboard.tool import Tool

__all__ = ["tools"]


def tools() -> dict[str, Tool]:
    """Every tool by its name, in the order in which they are told."""
    found: list[Tool] = [import_module(f"{__name__}.{module.name}").TOOL for module in iter_modules(__path__)]
    return {one.name: one for one in sorted(found, key=lambda one: one.place)}
