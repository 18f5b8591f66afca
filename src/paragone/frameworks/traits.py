"""The traits of a side, as plain data: of its layers, its loss, its optimizer, and functions with constants."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from paragone.calls.ends import AFTER_ONE, PLACE, TRAP
from paragone.calls.places import NONE, activation_traits
from paragone.calls.site import FunctionCall, shown
from paragone.frameworks.accumulating import accumulation_traits
from paragone.frameworks.double_softmax import softmax_traits
from paragone.frameworks.found import SeenLayer
from paragone.frameworks.freezing import frozen_traits
from paragone.frameworks.left_out import left_out_traits
from paragone.frameworks.padding import with_masks_by_hand
from paragone.frameworks.stopped import stopped_traits
from paragone.frameworks.temperature import temperature_traits
from paragone.layers import is_own

if TYPE_CHECKING:
    from paragone.frameworks.common import SideAdapter


LineOf = Callable[[SeenLayer], int | None]
Measure = Callable[[SeenLayer, str], Any]
"""What a class of the user's does about a convention of the class that it is derived from, by experiment; None where
that is not known."""
ROUNDED = "rounded"
"""The trait of a layer whose output is rounded to float32 before the next one takes it."""
CONSTANTS = "constants"
"""The trait of a call whose own constants are float32, even in float64."""


def kind_of_outputs(adapter: SideAdapter) -> str:
    """What a built side's outputs are: see `paragone.workers.describe.output_kind`."""
    from paragone.workers.describe import output_kind

    outputs = adapter.head_outputs()
    kind = output_kind(outputs, classification=adapter.data.n_classes is not None)
    one = outputs[0].ndim == 1 or outputs[0].shape[-1] == 1
    return "logits" if kind == "probabilities" and one and _are_of_last_layer(adapter) else kind


def _are_of_last_layer(adapter: SideAdapter) -> bool:
    """Whether the outputs are what the last layer with weights gives: no probabilities, even if all are in 0 … 1."""
    layer = next((one for one in reversed(adapter.layers) if one.spelling.weights), None)
    if layer is None or adapter.view is None:
        return False
    with adapter.sites.observed() as seen:
        adapter.run_once(adapter.head(adapter.view))
    gave = next((one.gave for one in seen if one.key == layer.key), b"")
    return bool(np.sort(adapter.head_outputs()[0][0], axis=None).tobytes() == gave)


def side_traits(adapter: SideAdapter, line: int | None) -> list[dict[str, Any]]:
    """Every trait of meaning that we can read; `line` is that of the optimizer."""
    kind = kind_of_outputs(adapter)
    rows = with_masks_by_hand(adapter, layer_traits(adapter.layers, adapter.line_of_layer, adapter.measured))
    rows += following_traits(adapter.layers, adapter.line_of_layer, values=kind == "values")
    rows += [*roundings(adapter.layers, adapter.line_of_layer, rounded=True), *last_outputs(adapter.layers)]
    rows += [
        *frozen_traits(adapter),
        *left_out_traits(adapter, idle=False),
        *stopped_traits(adapter),
        *adapter.islands(),
        *softmax_traits(adapter),
        *temperature_traits(adapter),
    ]
    line_of_loss = adapter.line_of(adapter.found.loss)
    rows += [*adapter.known_loss.traits(line_of_loss), *adapter.known_parts.traits(line_of_loss)]
    rows += accumulation_traits(adapter, line)
    return rows + adapter.known_optimizer.traits(line, float64=adapter.dtype == "float64")


def roundings(layers: Iterable[SeenLayer], line_of: LineOf, *, rounded: bool) -> list[dict[str, Any]]:
    """Where what a layer gives is rounded to float32 on its way to the next one, or where it is not."""
    value = "to float32" if rounded else "no"
    return [
        _of_layer(
            layer, lambda one: one.called or line_of(one), ROUNDED, value, "float32-inside", "I1", settable=rounded
        )
        for layer in layers
        if layer.rounded == rounded
    ]


def last_outputs(layers: Iterable[SeenLayer]) -> list[dict[str, Any]]:
    """Of each direction of a recurrent layer of which one step is taken, which step that is (row H5)."""
    return [
        {
            **{"where": layer.name, "name": end.name, "value": end.value, "trap": TRAP, "row": "H5"},
            **{"line": layer.called, "settable": end.value == AFTER_ONE, "place": PLACE},
        }
        for layer in layers
        for end in layer.ends
    ]


def not_measured(_layer: SeenLayer, _trait: str) -> None:
    """For where nothing is to be tried."""


def layer_traits(
    layers: Iterable[SeenLayer], line_of: LineOf, measured: Measure = not_measured
) -> list[dict[str, Any]]:
    """The traits of layers: what their objects keep in attributes, and the settings of their calls."""
    return [row for layer in layers for row in (*_attributes(layer, line_of, measured), *_settings(layer, line_of))]


def _attributes(layer: SeenLayer, line_of: LineOf, measured: Measure) -> Iterator[dict[str, Any]]:
    if isinstance(layer.thing, FunctionCall):
        for item in layer.thing.function.arguments:
            value = layer.settings[item.trait]
            yield _of_layer(layer, line_of, item.trait, value, item.trap, item.row, settable=True)
        return
    for item in layer.spelling.attributes:
        if item.attribute or is_own(layer.thing):
            value = item.read(layer.thing)
            yield _of_layer(layer, line_of, item.trait, value, item.trap, item.row, settable=item.settable_from(value))
        elif (value := measured(layer, item.trait)) is not None:
            yield _of_layer(layer, line_of, item.trait, value, item.trap, item.row, settable=item.settable_from(value))


def _settings(layer: SeenLayer, line_of: LineOf) -> Iterator[dict[str, Any]]:
    for item in layer.entry.settings if layer.entry else ():
        function = isinstance(layer.thing, FunctionCall)
        kept = layer.thing.function.arguments if function else layer.spelling.attributes
        if item.name in layer.settings and item.name not in {one.trait for one in kept}:
            value = shown(layer.settings[item.name])
            exact = item.name == CONSTANTS and value == "float64"  # nobody wants it otherwise
            settable = layer.entry is not None and layer.entry.compute is not None and not exact
            yield _of_layer(layer, line_of, item.name, value, item.trap, item.row, settable=settable)


def _of_layer(
    layer: SeenLayer, line_of: LineOf, name: str, value: Any, trap: str, row: str | None, *, settable: bool
) -> dict[str, Any]:
    return {
        "where": layer.name,
        "name": name,
        "value": value,
        "trap": trap,
        "row": row,
        "line": line_of(layer),
        "settable": settable,
        "place": layer.place,
    }


def following_traits(layers: Sequence[SeenLayer], line_of: LineOf, *, values: bool) -> list[dict[str, Any]]:
    """Which activation follows each layer with weights; see `paragone.calls.places`."""
    return [
        {**row, "line": line_of(layer), "settable": not (layer.bias_later and row["value"] == NONE)}
        for layer, row in activation_traits(layers, values=values)
    ]
