"""What every adapter does with the weights of a side: name them, read them, set them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from paragone.frameworks.base import Array, Weights
from paragone.frameworks.found import Found, SeenLayer
from paragone.frameworks.spots import Reorder, Spot, known_map, mapped_spots, same, seen_spots, zero_spots
from paragone.layers import kind_of
from paragone.layers.base import Spelling


class WeightKeeper(ABC):
    """The weights of a side that was built.

    Args:
        weight_map: where they are (a `WeightMap` as JSON), for a side that we wrote; otherwise empty.
        dtype: precision that the side is built in.
    """

    framework: ClassVar[str]

    def __init__(self, weight_map: str, dtype: str):
        self.map = known_map(weight_map)
        self.dtype = dtype
        self.layers: list[SeenLayer] = []
        self.found: Found
        self._spots: list[Spot] = []

    def forget_spots(self) -> None:
        """The side is built anew: its weights are other objects."""
        self._spots = []

    @abstractmethod
    def read(self, tensor: Any) -> Array:
        """A native tensor as an array."""

    @abstractmethod
    def write(self, spot: Spot, array: Array) -> None:
        """Set a weight."""

    @abstractmethod
    def fresh_optimizer(self) -> None:
        """Forget the optimizer's (and scheduler's) state."""

    @abstractmethod
    def own_parameters(self, thing: Any) -> list[str]:
        """Attributes in which an object of an unknown class keeps parameters itself."""

    def name_layers(self, seen: list[tuple[Any, tuple[int, ...], tuple[int, ...]]]) -> list[SeenLayer]:
        """Canonical names, by kind and order of execution; a layer that runs twice is named once."""
        counts: Counter[str] = Counter()
        named: dict[int, SeenLayer] = {}
        known_names = self._names_in_map()
        for thing, input_shape, output_shape in seen:
            if id(thing) in named:
                continue
            known = kind_of(thing, self.framework)
            own = () if known else tuple(self.own_parameters(thing))
            if not known and not own:
                continue
            kind, spelling = known or ("custom", Spelling((type(thing).__name__,)))
            counts[kind] += 1
            name = known_names.get(id(thing), f"{kind}_{counts[kind]}")
            named[id(thing)] = SeenLayer(name, kind, thing, spelling, input_shape, output_shape, own)
        return list(named.values())

    def _names_in_map(self) -> dict[int, str]:
        roots = {weight.path.partition(".")[0] for weight in self.map.weights} if self.map else set()
        return {id(self.root(name)): name for name in roots}

    def spots(self) -> list[Spot]:
        """Every weight of the built side."""
        if not self._spots:
            known = self.map
            self._spots = list(
                mapped_spots(known.weights, self.root) if known else seen_spots(self.layers, self.layout)
            )
        return self._spots

    def root(self, name: str) -> Any:
        """A layer of the model by the name that a weight map uses."""
        return getattr(self.found.model, name)

    def layout(self, _layer: SeenLayer, _attribute: str) -> tuple[Reorder, Reorder]:
        """A reordering that only this framework needs for this layer, before the canonical one, and its inverse."""
        return same, same

    def weights(self) -> Weights:
        """All parameters and buffers, canonical names and layouts."""
        return {spot.name: spot.to(self.read(spot.live)).copy() for spot in self.spots()}

    def live(self) -> list[Any]:
        """The native tensors of all weights, in the order of `spots`."""
        return list({id(spot.live): spot.live for spot in self.spots()}.values())

    @abstractmethod
    def nudge(self, noise: np.random.Generator) -> None:
        """Move every element of every weight to the next number above or below, at random; zero moves up."""

    def load(self, weights: Mapping[str, Array]) -> None:
        """Start from these weights with a fresh optimizer state."""
        self.put(weights)
        self.fresh_optimizer()

    def put(self, weights: Mapping[str, Array]) -> None:
        """Set the weights and leave the optimizer alone."""
        for spot in self.spots():
            now = self.read(spot.live) if self.map else weights[spot.name]
            self.write(spot, spot.into(now, weights[spot.name]).astype(self.dtype))
        for spot in zero_spots(self.map.zeros if self.map else (), self.root):
            self.write(spot, np.zeros_like(self.read(spot.live)))
