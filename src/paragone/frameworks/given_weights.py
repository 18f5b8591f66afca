"""Which weights of a side a function was given: told by their numbers, which no transpose or reshape changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from paragone.calls.site import FunctionCall, Sighting
from paragone.frameworks.base import Array

Named = Sequence[tuple[str, Any]]


class GivenWeights:
    """The weights of a side that functions may be given.

    Args:
        named: canonical names (`layer/role`) and native tensors; none where these are not known yet.
        read: a native tensor as an array.
    """

    def __init__(self, named: Named, read: Callable[[Any], Array]):
        self._named = named
        self._read = read
        self.layers: set[str] = set()
        """The layers whose weights were given to a function."""

    def layer(self, seen: Sighting) -> str | None:
        """The layer that a call of a function computes; empty for one without weights, None where it is no layer."""
        thing = seen.thing
        if not isinstance(thing, FunctionCall) or not thing.function.weights:
            return ""
        if seen.weight is None or not self._named:
            return None
        found = [name.partition("/")[0] for name in self._holding(seen.weight)]
        fresh = next((name for name in found if name not in self.layers), None)
        if fresh is not None:
            self.layers.add(fresh)
        return fresh

    def kernel(self, seen: Sighting) -> Any:
        """The native tensor that a convolution was given as its kernel, while no names are known; None if none is."""
        weight = (
            seen.thing.function.weights[0] if isinstance(seen.thing, FunctionCall) and seen.weight is not None else None
        )
        if weight is None or not weight.role.startswith("kernel_spatial") or weight.multiplied:
            return None
        name = next(iter(self._holding(seen.weight)), None)
        return next((live for own, live in self._named if own == name), None)

    def _holding(self, weight: Array) -> Iterable[str]:
        """The names of the weights with these numbers, in order."""
        values = np.sort(weight, axis=None)
        for name, live in self._named:
            own = self._read(live)
            if own.size == values.size and np.array_equal(np.sort(own, axis=None), values):
                yield name

    def gave(self, seen: Sighting, layer: str) -> tuple[bytes, bool]:
        """What a layer gave for the first sample, in order of size, and whether its bias was added after the call."""
        bias = next((self._read(live) for name, live in self._named if name == f"{layer}/bias"), None)
        if seen.output is None or bias is None or bias.shape != seen.output.shape[-1:]:
            return seen.gave, False
        return np.sort(seen.output + bias, axis=None).tobytes(), True
