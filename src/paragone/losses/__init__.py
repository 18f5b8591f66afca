"""One file per loss: what it computes, and how each framework spells it."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from paragone.losses.base import LossKind

_NO_LOSSES = {"base", "shared", "shared_binary", "shared_crossentropy"}


@cache
def loss_kinds() -> dict[str, LossKind]:
    """All losses, found by the files in this folder."""
    names = sorted(info.name for info in iter_modules(__path__) if info.name not in _NO_LOSSES)
    return {kind.name: kind for kind in (import_module(f"{__name__}.{name}").LOSS for name in names)}
