"""What can be swept: one file each, found by its name, each with an `AXIS`."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from paragone.measure.sweep.axes.base import Axis, Setting

__all__ = ["Axis", "Setting", "axes"]


@cache
def axes() -> tuple[Axis, ...]:
    """Every axis, in the order in which a text is tried and help lists them."""
    found: list[Axis] = [
        import_module(f"{__name__}.{module.name}").AXIS for module in iter_modules(__path__) if module.name != "base"
    ]
    return tuple(sorted(found, key=lambda one: one.place))
