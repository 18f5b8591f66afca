"""Where a live model keeps its parameters and buffers, whatever its classes are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Place:
    """One parameter or buffer of a live model.

    Args:
        path: as the framework calls it, unique in the model.
        owner: the object that keeps it: a module, a layer, or a list or dict of one.
        attribute: the name, index or key by which the owner keeps it.
        module: the nearest module or layer around it.
        buffer: it is kept, but not trained by anyone: a running statistic, a mask, a table.
        frozen: it is a parameter that the side does not train.
    """

    path: str
    owner: Any
    attribute: str
    module: Any
    buffer: bool = False
    frozen: bool = False

    @property
    def live(self) -> Any:
        """The native tensor, as it is now."""
        return taken(self.owner, self.attribute)


class Held:
    """An owner for a tensor that no attribute leads to."""

    def __init__(self, tensor: Any):
        self.tensor = tensor


def taken(owner: Any, attribute: str) -> Any:
    """What an owner keeps under a name, an index or a key."""
    if isinstance(owner, dict):
        return owner[attribute]
    if isinstance(owner, (list, tuple)) and str(attribute).isdigit():  # a named tuple has names as well
        return owner[int(attribute)]
    return getattr(owner, attribute)


def unique(places: Iterable[Place]) -> tuple[list[Place], dict[str, str]]:
    """Each tensor once, and for every further path of a shared tensor the first one."""
    first: dict[int, Place] = {}
    shared: dict[str, str] = {}
    for place in places:
        known = first.setdefault(id(place.live), place)
        if known is not place:
            shared[place.path] = known.path
    return list(first.values()), shared
