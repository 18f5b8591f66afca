"""Weights that have a gradient and that an optimizer leaves where they are: told as traits, and left out on demand.

In PyTorch they were not given to the optimizer; in Optax a mask, a partition or `set_to_zero` takes their updates away;
a step of the side's own may apply the gradients of some variables only.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from paragone.frameworks.freezing import NOTHING, whole_spots

if TYPE_CHECKING:
    from paragone.frameworks.common import SideAdapter
    from paragone.frameworks.spots import Spot

LEFT_OUT = "left_out"
"""The trait of a layer; its value are the roles of the weights that are left out, or `nothing`."""


def left_out_traits(adapter: SideAdapter, *, idle: bool) -> list[dict[str, Any]]:
    """Of each layer, which of its trained weights the optimizer leaves out.

    Args:
        adapter: of the side, built.
        idle: the layers of which nothing is left out, which means something only where another side has one.
    """
    names = adapter.left_out
    roles: dict[str, list[str]] = {}
    for spot in adapter.spots():
        if spot.trainable:
            layer, _, role = spot.name.partition("/")
            roles.setdefault(layer, []).extend([role] if spot.name in names else [])
    lines = {layer.name: adapter.line_of_layer(layer) for layer in adapter.layers}
    return [
        {
            **{"where": layer, "name": LEFT_OUT, "value": ", ".join(own) or NOTHING, "trap": "layer-left-out"},
            **{"row": None, "line": lines.get(layer), "settable": not own},
        }
        for layer, own in roles.items()
        if bool(own) is not idle
    ]


def leave_out(adapter: SideAdapter, layer: str, roles: str) -> None:
    """Let no step move these weights of a layer until the side is built anew.

    Args:
        adapter: of the side, built.
        layer: its canonical name.
        roles: with commas between them, as the trait has them.

    Raises:
        NotImplementedError: a weight of that name is a part of a larger tensor.
    """
    adapter.hold(whole_spots(adapter, layer, roles))


def seen_left_out(adapter: SideAdapter) -> set[str]:
    """By one step of the side's own: weights with a gradient that do not move, where others do.

    What has no gradient, or a gradient of zero, does not tell.
    """
    assert adapter.view is not None
    batch, before = adapter.head(adapter.view), dict(adapter.weights())
    gradients = {} if adapter.found.loss is None else dict(adapter.gradients(batch))
    adapter.load(before)
    adapter.number(adapter.step(batch))
    after = dict(adapter.weights())
    adapter.load(before)
    still = {spot.name for spot in trained(adapter) if np.array_equal(before[spot.name], after[spot.name])}
    moved = {spot.name for spot in trained(adapter)} - still
    adapter.stands_still = not moved
    return {name for name in still if np.any(gradients.get(name, 0.0))} if moved else set()


def trained(adapter: SideAdapter) -> Sequence[Spot]:
    """Weights that are trained on this side."""
    frozen: Collection[int] = {id(place.live) for place in adapter.places() if place.frozen}
    return [spot for spot in adapter.spots() if spot.trainable and id(spot.live) not in frozen]
