"""A bias that no other side has, kept at the zero at which a proof starts it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paragone.sides.weight_map import parent_of

if TYPE_CHECKING:
    from paragone.frameworks.common import SideAdapter

EXTRA = "extra"
"""The trait of a layer that has a bias which it has not on other sides."""


def keep_at_zero(adapter: SideAdapter, layer: str) -> None:
    """Do not train what a layer has beside its canonical weights, until the side is built anew.

    Args:
        adapter: of the side, built, with the map of an alignment.
        layer: its canonical name, or the path of a parameter of no known layer.

    Raises:
        NotImplementedError: the layer has nothing of the kind.
    """
    known = adapter.map
    rows = known.weights if known else ()
    homes = {parent_of(weight.path) for weight in rows if weight.name.partition("/")[0] == layer}
    found = [spot for spot in adapter.zeros() if spot.name == layer or parent_of(spot.name) in homes]
    if not found:
        raise NotImplementedError(f"{layer} has no parameter that other sides lack")
    adapter.freeze(found)
