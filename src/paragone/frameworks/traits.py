"""The traits of a side, as plain data: of its layers, its optimizer, and functions with constants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from paragone.frameworks.found import SeenLayer
from paragone.layers import is_own
from paragone.optimizers.base import OptimizerTrait

if TYPE_CHECKING:
    from paragone.frameworks.common import SideAdapter


ISLANDS = ("gelu", "leaky_relu")
"""Functions whose constants are float32 on the TensorFlow backend, even in float64 (row C7)."""

FUNCTIONS = (*ISLANDS, "loss")
"""Functions that have traits."""


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


def kind_of_outputs(adapter: SideAdapter) -> str:
    """What a built side's outputs are: see `paragone.workers.describe.output_kind`."""
    from paragone.workers.describe import output_kind

    assert adapter.view is not None
    return output_kind(adapter.forward(adapter.head(adapter.view)), classification=adapter.data.n_classes is not None)


def softmax_trait(times: str, *, settable: bool) -> dict[str, Any]:
    """How often softmax is applied before the logarithm: `once` or `twice` (row D1)."""
    return {
        "where": "loss",
        "name": "softmax",
        "value": times,
        "trap": "double-softmax",
        "row": "D1",
        "line": None,
        "settable": settable,
    }


def side_traits(adapter: SideAdapter, line: int | None) -> list[dict[str, Any]]:
    """Every trait of meaning that we can read; `line` is that of the optimizer."""
    rows = layer_traits(adapter.layers, adapter.lines)
    rows += [*adapter.islands(), *adapter.gelu.traits(), *adapter.loss_traits()]
    return rows + optimizer_traits(adapter, line, float64=adapter.dtype == "float64")


def layer_traits(layers: Iterable[SeenLayer], lines: Mapping[int, int]) -> list[dict[str, Any]]:
    """The traits of layers; `lines` has the line that made each live object."""
    return [
        {
            "where": layer.name,
            "name": item.trait,
            "value": item.read(layer.thing),
            "trap": item.trap,
            "row": item.row,
            "line": lines.get(id(layer.thing)),
            "settable": item.settable,
        }
        for layer in layers
        for item in layer.spelling.attributes
        if item.attribute or is_own(layer.thing)
    ]


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
