"""Interventions on the calls of a side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paragone.calls.places import NONE, activation_traits
from paragone.calls.site import CROPPING, setting, understood
from paragone.calls.sites import Change, Sites
from paragone.frameworks.found import SeenLayer
from paragone.layers import known_kinds
from paragone.layers.exact import SAME, SameBeyond


def set_setting(sites: Sites, layer: SeenLayer, name: str, value: Any) -> None:
    """Compute a layer by its exact form from now on, with another setting; earlier changes stay."""
    earlier = sites.changes.get(layer.key)
    seen = layer.settings if layer.spelling.called else {}  # read off one call, where others read it off every call
    settings = {**seen, **(earlier.settings if earlier else {}), name: _own(layer, name, value)}
    if name == "axis":
        settings["native"] = _native(layer, int(value))
    sites.changes[layer.key] = Change(layer.entry, settings)


def _own(layer: SeenLayer, name: str, value: Any) -> Any:
    """Padding or cropping of a layer without what the file does before or behind it; what is less turns around."""
    beside = {"padding": layer.before, CROPPING: layer.behind}.get(name)
    if not beside:
        return value
    if str(value).startswith(SAME):
        return SameBeyond(beside)
    whole = setting(value, layer.settings[name])
    return tuple((a - c, b - d) for (a, b), (c, d) in zip(whole, beside, strict=True))


def _native(layer: SeenLayer, axis: int) -> int:
    """The axis as the framework counts it, where channels come first."""
    rank = layer.settings.get("images")
    return axis if rank is None else 1 if axis == -1 else axis + 1 + int(rank)


def set_activation(sites: Sites, layers: Sequence[SeenLayer], layer: SeenLayer, value: str) -> None:
    """Another activation after a layer with weights: in the place of the one there, or where there is none."""
    kind, settings = understood(value)
    change = Change(None if kind == NONE else known_kinds()[kind], settings, other=True)
    here = [one for one, row in activation_traits(layers, values=True) if row["where"] == layer.name]
    direct = here and here[0] is not layer and here[0].given == layer.gave
    if direct and change.by_place:  # where the channels are, the layer knows
        sites.changes[here[0].key] = Change(None, {})
        sites.followers[layer.key] = change
    elif here and here[0] is not layer:
        sites.changes[here[0].key] = change
    else:
        sites.followers[layer.key] = change
