"""Traits of a side that are none of a layer: those of its optimizer, and of functions with constants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from paragone.optimizers.base import OptimizerTrait

if TYPE_CHECKING:
    from paragone.frameworks.common import SideAdapter


ISLANDS = ("gelu", "leaky_relu")
"""Functions whose constants are float32 on the TensorFlow backend, even in float64 (row C7)."""


def island_trait(name: str, value: str, *, settable: bool) -> dict[str, Any]:
    """The precision of a function's constants, as a trait."""
    return {
        "where": name,
        "name": "constants",
        "value": value,
        "trap": "float32-constants",
        "row": "C7",
        "line": None,
        "settable": settable,
    }


def optimizer_traits(adapter: SideAdapter, line: int | None, *, float64: bool) -> list[dict[str, Any]]:
    """What the optimizer is and its traits, as plain data (see `paragone.records.Trait`)."""
    kind = adapter.optimizer_kind()
    name = kind.name if kind else adapter.optimizer_classes()[0].lower()
    rows = [_row("optimizer", name, "optimizer", None, line, settable=False)]
    if kind is None:
        return rows
    values = {trait.name: _value(adapter, trait) for trait in kind.traits}
    for trait in kind.traits:
        value = values[trait.name]
        idle = trait.matters_if and not values[trait.matters_if]
        if value is None or idle or (trait.only_float64 and not float64):
            continue
        settable = adapter.framework in trait.places or adapter.framework in trait.settable
        rows.append(_row(trait.name, value, trait.trap, trait.row, line, settable=settable))
    return rows


def _value(adapter: SideAdapter, trait: OptimizerTrait) -> Any:
    place = trait.places.get(adapter.framework)
    value = adapter.get_optimizer(place) if place else trait.fixed.get(adapter.framework)
    return trait.absent if value is None else value


def _row(name: str, value: Any, trap: str, row: str | None, line: int | None, *, settable: bool) -> dict[str, Any]:
    return {
        "where": "optimizer",
        "name": name,
        "value": value,
        "trap": trap,
        "row": row,
        "line": line,
        "settable": settable,
    }
