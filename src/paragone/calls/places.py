"""Where layers without weights stand among those with weights: the places that two sides can be compared at.

Names of layers without weights count only their own kind, so that one more of them on one side moves all that follow.
The layers with weights are the same on both sides, or nothing can be compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from paragone.calls.site import CROPPING, described, shown

if TYPE_CHECKING:
    from paragone.frameworks.found import SeenLayer

ACTIVATION, LATER = "activation", "later_activation"
NONE = "none"
_FORMS = {"softmax", "sigmoid", "log_softmax", "log_sigmoid"}
"""Activations at the end of a model that decide what form its outputs have, which is looked at by itself."""


def with_padding_before(layer: SeenLayer, before: SeenLayer | None) -> SeenLayer:
    """A convolution or pool with the zeros that the layer before it put around its input: they are one padding."""
    padded = before is not None and before.kind == "zero_pad" and bool(layer.given) and before.gave == layer.given
    if not padded or before is None or "padding" not in layer.settings:
        return layer
    pads, own = before.settings["padding"], layer.settings["padding"]
    if isinstance(own, str):
        return replace(layer, settings={})  # it follows the size of what is padded already
    if layer.kind == "average_pool":
        if any(map(any, own)):
            return replace(layer, settings={})  # zeros that count and places that do not: nothing that we can say
        return replace(layer, settings={**layer.settings, "padding": pads, "counts_padding": True}, before=pads)
    whole = tuple((a + c, b + d) for (a, b), (c, d) in zip(pads, own, strict=True))
    return replace(layer, settings={**layer.settings, "padding": whole}, before=pads)


def with_axis_of_images(layer: SeenLayer, before: SeenLayer | None) -> SeenLayer:
    """A softmax of what a layer with the channels at 1 gives: its axis is counted as if the channels were last.

    Elsewhere the axis 1 of four may be that of channels or, in attention, that of heads; here it is known.
    """
    known = before is not None and before.spelling.channels_at == 1 and bool(layer.given) and before.gave == layer.given
    rank = len(layer.input_shape) + 1
    if not known or "native" not in layer.settings or rank < 3:
        return layer
    dim = int(layer.settings["native"]) % rank
    axis = -1 if dim == 1 else dim - 1 - rank
    return replace(layer, settings={**layer.settings, "axis": axis, "native": dim, "images": rank})


def with_cutting_behind(layer: SeenLayer, uncut: tuple[Any, Any]) -> SeenLayer:
    """A transposed convolution with what the file cuts off its output: they are one cropping (row G7).

    Args:
        layer: any.
        uncut: what it gave for the first sample, and what the next call took of it.
    """
    whole, taken = uncut
    if taken is None or CROPPING not in layer.settings or whole.ndim != taken.ndim or whole.shape == taken.shape:
        return layer
    axes = range(1, whole.ndim) if layer.spelling.channels_at == 1 else range(whole.ndim - 1)
    lost = [a - b for a, b in zip(whole.shape, taken.shape, strict=True)]
    if min(lost) < 0 or any(lost[axis] for axis in range(whole.ndim) if axis not in axes):
        return layer
    for begins in product(*(range(lost[axis] + 1) for axis in axes)):
        cut = tuple((begin, lost[axis] - begin) for axis, begin in zip(axes, begins, strict=True))
        places = dict(zip(axes, begins, strict=True))
        window = tuple(slice(places.get(at, 0), places.get(at, 0) + n) for at, n in enumerate(taken.shape))
        if np.array_equal(whole[window], taken):
            own = layer.settings[CROPPING]
            both = tuple((a + c, b + d) for (a, b), (c, d) in zip(own, cut, strict=True))
            return replace(layer, settings={**layer.settings, CROPPING: both}, behind=cut)
    return layer


class Places:
    """Counts the layers without weights after each layer with weights."""

    def __init__(self) -> None:
        self._after = "input"
        self._counts: Counter[str] = Counter()
        self._whole: Counter[str] = Counter()

    def of(self, layer: SeenLayer) -> str:
        """The place of the next layer; empty for one whose weights have its name."""
        if layer.spelling.whole:
            kind = layer.entry.name if layer.entry else layer.kind
            self._whole[kind] += 1
            return f"{kind} {self._whole[kind]}"
        if layer.own or layer.spelling.weights:
            self._after = layer.name
            self._counts.clear()
            return ""
        self._counts[layer.kind] += 1
        return f"{self._after} > {layer.kind} {self._counts[layer.kind]}"


def activation_traits(layers: Sequence[SeenLayer], *, values: bool) -> Iterator[tuple[SeenLayer, dict[str, Any]]]:
    """Which activation follows each layer with weights, and the layer that it is said of.

    `activation` is one that takes what the layer gives, or `none` where the next layer takes it as it is;
    `later_activation` one that comes after more than a reshape. Nothing is said where several follow, or where
    something unknown comes between.

    Args:
        layers: in order of execution.
        values: the outputs are values, so that an activation at the end is no form of theirs.
    """
    weighted = [i for i, layer in enumerate(layers) if layer.spelling.weights]
    for at, following in zip(weighted, [*weighted, len(layers)][1:], strict=True):
        layer, rest = layers[at], layers[at + 1 : following]
        last = following == len(layers)
        found = [one for one in rest if one.entry is not None and one.entry.activation]
        if len(found) == 1 and (values or not last or found[0].kind not in _FORMS):
            name = ACTIVATION if layer.gave and found[0].given == layer.gave else LATER
            yield found[0], _row(layer, name, spoken(found[0]))
        elif not found and not last and layer.gave and _taken(layer, layers[at + 1]) and not _hides_one(layer):
            yield layer, _row(layer, ACTIVATION, NONE)


def has_activation(layer: SeenLayer) -> bool:
    """Whether it applies an activation of its own."""
    return str(getattr(getattr(layer.thing, "activation", None), "__name__", "linear")) != "linear"


def _hides_one(layer: SeenLayer) -> bool:
    """Whether it applies a function of the file's own to what it has computed, which was not recognised."""
    return layer.spelling.open and has_activation(layer)


def _taken(layer: SeenLayer, following: SeenLayer) -> bool:
    return following.given == layer.gave


def spoken(layer: SeenLayer) -> str:
    """An activation and its settings, as the value of a trait."""
    defaults = {item.name: item.default for item in layer.entry.settings} if layer.entry else {}
    told = {name: shown(value) for name, value in layer.settings.items() if name in defaults}
    return described(layer.kind, {name: value for name, value in told.items() if value != defaults[name]})


def _row(layer: SeenLayer, name: str, value: str) -> dict[str, Any]:
    return {"where": layer.name, "name": name, "value": value, "trap": "activation", "row": None}
