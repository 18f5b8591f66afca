"""A number that divides or multiplies the logits at the end of a model, before any softmax: told, and undone on demand.

It is found by what the model gives: its logits, or what a softmax made of them, are those of the last layer times one
number.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from paragone.calls.places import has_activation
from paragone.calls.sites import Change
from paragone.layers.base import LayerKind, Setting
from paragone.meaning.loss import short

if TYPE_CHECKING:
    from paragone.frameworks.base import Array
    from paragone.frameworks.common import SideAdapter
    from paragone.frameworks.found import SeenLayer

FACTOR, TRAP = "factor", "temperature"
_ROUNDING = {"float32": 1e-5, "float64": 1e-9}
_OF_A_SOFTMAX = {"probabilities", "log-probabilities"}
"""Kinds of outputs from which a softmax took a constant away, so that it takes one more to see a factor."""
_FEWEST = 2
"""Outputs of a sample that can show that they are all times one number."""


def _times(_ops: Any, inputs: tuple[Any, ...], settings: Any, _weights: Any) -> Any:
    (x,) = inputs
    return x * settings.factor


_TIMES = LayerKind("times", {}, settings=(Setting(FACTOR, TRAP, None, 1.0),), compute=_times, activation=True)


def temperature_traits(adapter: SideAdapter) -> list[dict[str, Any]]:
    """By which number the logits of the last layer are multiplied; nothing where the end of the model does more."""
    layer = _last(adapter)
    factor = None if layer is None else _factor(adapter, layer)
    if layer is None or factor is None:
        return []
    settable = not has_activation(layer) and not layer.bias_later
    row = {"where": layer.name, "name": FACTOR, "value": factor, "trap": TRAP, "row": None}
    return [{**row, "line": adapter.line_of_layer(layer), "settable": settable}]


def set_factor(adapter: SideAdapter, where: str, factor: float) -> None:
    """Have the logits of the last layer multiplied by another number in all, until the side is built anew.

    Raises:
        NotImplementedError: that number is not known, or something else was put behind the layer already.
    """
    layer = _last(adapter)
    own = None if layer is None else _factor_now(adapter, layer)
    if layer is None or layer.name != where or own is None or layer.key in adapter.sites.followers:
        raise NotImplementedError(f"what {where} gives cannot be multiplied by another number")
    adapter.sites.followers[layer.key] = Change(_TIMES, {FACTOR: factor / own}, other=True)


def _last(adapter: SideAdapter) -> SeenLayer | None:
    return next((layer for layer in reversed(adapter.layers) if layer.spelling.weights), None)


def _factor_now(adapter: SideAdapter, layer: SeenLayer) -> float | None:
    """With the weights and the changes that the side has now."""
    assert adapter.view is not None
    batch = adapter.head(adapter.view)
    with adapter.sites.observed() as seen:
        adapter.run_once(batch)
    gave = next((one.gave for one in seen if one.key == layer.key), b"")
    return _factor(adapter, replace(layer, gave=gave))


def _factor(adapter: SideAdapter, layer: SeenLayer) -> float | None:
    """From the first sample's values in order of size, as they leave the last layer and the model."""
    outputs = adapter.head_outputs()
    if len(outputs) != 1 or not layer.gave or outputs[0].ndim != 2:
        return None
    gave = np.frombuffer(layer.gave, adapter.dtype).astype(np.float64)
    output = np.sort(outputs[0][0].astype(np.float64), axis=None)
    kind = adapter.output_kind()
    if gave.size != output.size or gave.size < _FEWEST + (kind in _OF_A_SOFTMAX):
        return None
    return _ratio(gave, output, kind, _ROUNDING[adapter.dtype])


def _ratio(gave: Array, output: Array, kind: str, rounding: float) -> float | None:
    """The positive number that makes these outputs of what the last layer gave; a softmax takes a constant away."""
    if kind == "probabilities":
        if output.min() <= 0:
            return None
        output = np.log(output)
    if kind in _OF_A_SOFTMAX:
        gave, output = gave - gave[-1], output - output[-1]
    size = float(gave @ gave)
    factor = float(gave @ output) / size if size else 0.0
    near = rounding * max(1.0, float(np.abs(output).max()))
    if factor <= 0 or np.abs(factor * gave - output).max() > near:
        return None
    return short(float(f"{factor:.9g}"))
