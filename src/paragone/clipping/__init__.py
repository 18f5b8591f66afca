"""One file per way to clip gradients, and how each framework spells it."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from paragone.clipping.base import ClippingKind


@cache
def clipping_kinds() -> dict[str, ClippingKind]:
    """All ways to clip, found by the files in this folder."""
    names = sorted(info.name for info in iter_modules(__path__) if info.name != "base")
    return {kind.name: kind for kind in (import_module(f"{__name__}.{name}").CLIPPING for name in names)}
