"""One file per initialiser: the distribution that it draws a starting weight from."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from paragone.initialisers.base import InitialiserKind


@cache
def initialiser_kinds() -> dict[str, InitialiserKind]:
    """All initialisers, found by the files in this folder."""
    names = sorted(info.name for info in iter_modules(__path__) if info.name != "base")
    return {kind.name: kind for kind in (import_module(f"{__name__}.{name}").INITIALISER for name in names)}
