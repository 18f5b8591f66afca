"""One file a check, found by its name, each with a `CHECK`."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from benchmarks.known.check import Check

__all__ = ["checks"]


def checks() -> dict[str, Check]:
    """Every check by its name, in the order in which they are told."""
    found: list[Check] = [import_module(f"{__name__}.{module.name}").CHECK for module in iter_modules(__path__)]
    return {one.name: one for one in sorted(found, key=lambda one: one.place)}
