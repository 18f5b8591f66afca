"""The sources of data: one file each, found because it stands in this folder and defines `SOURCE`."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from paragone.task.data.source import Source


@cache
def sources() -> tuple[Source, ...]:
    """All sources, in the order of their names."""
    modules = [import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    return tuple(sorted((module.SOURCE for module in modules), key=lambda source: source.name))
