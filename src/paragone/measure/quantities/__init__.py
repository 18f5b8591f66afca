"""What is measured of a contender: one file each, found by its name, each with a `QUANTITY`."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from paragone.measure.quantities.base import Quantity

__all__ = ["Quantity", "quantities"]


@cache
def quantities() -> dict[str, Quantity]:
    """Every quantity by its name, in the order in which they are told."""
    found: list[Quantity] = [
        import_module(f"{__name__}.{module.name}").QUANTITY
        for module in iter_modules(__path__)
        if module.name != "base"
    ]
    return {one.name: one for one in sorted(found, key=lambda one: (one.place, one.name))}
