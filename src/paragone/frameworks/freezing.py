"""Layers that a side does not train: told as traits, and frozen on demand.

A weight may be frozen in PyTorch by `requires_grad`, in Keras by `trainable` of a layer or a variable. What only an
optimizer leaves out, in any framework, has its gradient and is another case: `paragone.frameworks.left_out`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from paragone.frameworks.common import SideAdapter
    from paragone.frameworks.spots import Spot

FROZEN, NOTHING = "frozen", "nothing"
"""The trait of a layer, and its value where all of the layer is trained."""


def frozen_traits(adapter: SideAdapter) -> list[dict[str, Any]]:
    """For every layer with trained weights, which of them the side does not train.

    Of a recurrent layer's biases how many are trained is a trait by itself (row H4).
    """
    frozen = {id(place.live) for place in adapter.places() if place.frozen}
    counted = _with_counted_biases(adapter)
    roles: dict[str, list[str]] = {}
    for spot in adapter.spots():
        if spot.trainable:
            layer, _, role = spot.name.partition("/")
            own = roles.setdefault(layer, [])
            told = layer in counted and role.startswith("bias")
            own += [role] if id(spot.live) in frozen and not told else []
    lines = {layer.name: adapter.line_of_layer(layer) for layer in adapter.layers}
    return [
        {
            **{"where": layer, "name": FROZEN, "value": ", ".join(own) or NOTHING, "trap": "frozen-layer"},
            **{"row": None, "line": lines.get(layer), "settable": not own},
        }
        for layer, own in roles.items()
    ]


def _with_counted_biases(adapter: SideAdapter) -> set[str]:
    """The layers, and the parts of them that a map has names for, whose biases are a trait."""
    held = adapter.held_layers()
    names = [one.name for one in adapter.layers if any(item.trait == "biases" for item in one.spelling.attributes)]
    return {*names, *(part for name in names for part in held.get(name, ()))}


def freeze(adapter: SideAdapter, layer: str, roles: str) -> None:
    """Do not train these weights of a layer until the side is built anew.

    Args:
        adapter: of the side, built.
        layer: its canonical name.
        roles: with commas between them, as the trait has them.

    Raises:
        NotImplementedError: a weight of that name is a part of a larger tensor.
    """
    adapter.freeze(whole_spots(adapter, layer, roles))


def whole_spots(adapter: SideAdapter, layer: str, roles: str) -> list[Spot]:
    """The weights of a layer under these roles.

    Raises:
        NotImplementedError: a weight of that name is a part of a larger tensor.
    """
    names = {f"{layer}/{role}" for role in roles.split(", ")}
    spots = [spot for spot in adapter.spots() if spot.name in names]
    shared = {id(spot.live) for spot in adapter.spots() if spot.name not in names}
    if len(spots) != len(names) or any(id(spot.live) in shared for spot in spots):
        raise NotImplementedError(f"{layer} cannot be changed by itself")
    return spots
