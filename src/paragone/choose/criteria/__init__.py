"""The criteria: one file each, found by its name, each with a `CRITERION`."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from paragone.choose.criteria.base import Kind, RunEvidence

__all__ = ["Kind", "RunEvidence", "criteria"]


@cache
def criteria() -> dict[str, Kind]:
    """Every criterion by its id, in the order of their files' names."""
    names = sorted(module.name for module in iter_modules(__path__) if module.name != "base")
    kinds: list[Kind] = [import_module(f"{__name__}.{name}").CRITERION for name in names]
    return {kind.id: kind for kind in kinds}
