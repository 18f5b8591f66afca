"""One file per optimizer: its traits of meaning and where each framework keeps them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from paragone.optimizers.base import OptimizerKind


@cache
def optimizer_kinds() -> dict[str, OptimizerKind]:
    """All optimizers, found by the files in this folder."""
    names = sorted(info.name for info in iter_modules(__path__) if info.name not in {"base", "entry"})
    return {kind.name: kind for kind in (import_module(f"{__name__}.{name}").OPTIMIZER for name in names)}


def kind_of(classes: Iterable[str], framework: str) -> OptimizerKind | None:
    """The optimizer that goes by one of these class names in a framework; the most derived name wins."""
    for name in classes:
        for kind in optimizer_kinds().values():
            if name in kind.classes.get(framework, ()):
                return kind
    return None
