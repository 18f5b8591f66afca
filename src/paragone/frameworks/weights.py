"""What every adapter does with the weights of a side: name them, read them, set them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import partial
from types import ModuleType
from typing import Any, ClassVar, cast

import numpy as np

from paragone.calls.by_hand import with_functions_by_hand
from paragone.calls.ends import seen_ends
from paragone.calls.places import Places, with_axis_of_images, with_cutting_behind, with_padding_before
from paragone.calls.site import FunctionCall, Sighting
from paragone.calls.sites import Sites
from paragone.frameworks.base import Array, Lazily, Weights
from paragone.frameworks.found import Found, SeenLayer
from paragone.frameworks.given_weights import GivenWeights
from paragone.frameworks.places import Place, unique
from paragone.frameworks.spots import (
    Reorder,
    Spot,
    along,
    known_map,
    mapped_spots,
    place_spot,
    same,
    seen_spots,
    zero_spots,
)
from paragone.layers import inner_kinds, kind_of, known_kinds
from paragone.layers.base import LayerKind, Spelling, Weight


class WeightKeeper(ABC):
    """The weights of a side that was built.

    Args:
        weight_map: where they are (a `WeightMap` as JSON), for a side that we wrote; otherwise empty.
        dtype: precision that the side is built in.
    """

    framework: ClassVar[str]
    kept: ClassVar[ModuleType | None] = None
    """The framework's module that knows where a model keeps its parameters; None where it cannot say."""

    def __init__(self, weight_map: str, dtype: str):
        self.map = known_map(weight_map)
        self.dtype = dtype
        self.layers: list[SeenLayer] = []
        self.found: Found
        self.sites: Sites
        self.given_kernels: dict[int, tuple[SeenLayer, Weight]] = {}
        """By the id of a native tensor: the convolution that a function computed with it, and how it is kept."""
        self._spots: list[Spot] = []

    def adopt(self, weight_map: str) -> None:
        """Take a map that was found for the side, before it is built anew."""
        self.map = known_map(weight_map)
        self.forget_spots()

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

    def name_layers(self, seen: Sequence[Sighting]) -> list[SeenLayer]:
        """Canonical names, by kind and order of execution; an object that runs twice is named once."""
        counts: Counter[str] = Counter()
        named: dict[int | tuple[int, str], SeenLayer] = {}
        places, before, ends = Places(), None, seen_ends(seen)
        known_names = self._names_in_map()
        given = GivenWeights(self.named_weights(), self.read)
        self.given_kernels.clear()
        taken = set(known_names.values())
        for one in seen:
            thing = one.thing
            for kind, spelling in inner_kinds(thing, self.framework):
                if (id(thing), kind) not in named:
                    counts[kind] += 1
                    named[id(thing), kind] = SeenLayer(f"{kind}_{counts[kind]}", kind, thing, spelling)
            if id(thing) in named:
                continue
            entry, spelling = self._known(thing)
            own = () if entry and not spelling.whole else tuple(self.own_parameters(thing))
            called = given.layer(one) if self.map else self._note_kernel(one, given, counts)
            if called is None or (not entry and not own) or (own and self._is_called(thing, given.layers)):
                continue
            unnamed = own and not (spelling.whole and self.map)  # with a map, its weights have names by that
            kind = entry.name if entry and not unnamed else "custom"
            name = called or known_names.get(id(thing)) or self._next_name(kind, counts, taken)
            shapes = one.input_shape, one.output_shape
            found = SeenLayer(
                name, kind, thing, spelling, *shapes, own, entry, one.key, one.line, one.settings, one.called
            )
            gave, later = given.gave(one, name)
            found = replace(found, place=places.of(found), given=one.given, gave=gave, bias_later=later)
            found = replace(found, ends=ends.get(one.key, ()), lay=one.lay)
            found = with_cutting_behind(with_padding_before(found, before), one.uncut)
            named[id(thing)] = before = with_axis_of_images(found, before)
        return with_functions_by_hand(list(named.values()), self.sites)

    def _note_kernel(self, one: Sighting, given: GivenWeights, counts: Counter[str]) -> str | None:
        """Before names are known: which parameter a convolution was given, so that its layout is known."""
        if not isinstance(one.thing, FunctionCall) or not one.thing.function.weights:
            return ""
        live, kind = given.kernel(one), one.thing.kind
        if live is not None and id(live) not in self.given_kernels:
            layer = SeenLayer(self._next_name(kind.name, counts, set()), kind.name, one.thing, one.thing.spelling)
            self.given_kernels[id(live)] = layer, one.thing.function.weights[0]
        return None

    def _known(self, thing: Any) -> tuple[LayerKind | None, Spelling]:
        if isinstance(thing, FunctionCall):
            return thing.kind, thing.spelling
        known = kind_of(thing, self.framework)
        return (known_kinds()[known[0]], known[1]) if known else (None, Spelling((type(thing).__name__,)))

    @staticmethod
    def _next_name(kind: str, counts: Counter[str], taken: set[str]) -> str:
        counts[kind] += 1
        while f"{kind}_{counts[kind]}" in taken:
            counts[kind] += 1
        return f"{kind}_{counts[kind]}"

    def _names_in_map(self) -> dict[int, str]:
        """Names of layers that a map knows: written sides name their layers, of others the weights name theirs."""
        if self.map is None:
            return {}
        if self.map.written:
            roots = {weight.path.partition(".")[0] for weight in self.map.weights}
            return {id(self.root(name)): name for name in roots}
        return {thing: min(found) for thing, found in self._kept_layers().items() if len(found) == 1}

    def _kept_layers(self) -> dict[int, set[str]]:
        """The layers whose weights each module of a user's side keeps, as the map names them."""
        names: dict[int, set[str]] = {}
        modules = {place.path: id(place.module) for place in self.places()}
        for weight in self.map.weights if self.map else ():
            names.setdefault(modules[weight.path], set()).add(weight.name.partition("/")[0])
        return names

    def held_layers(self) -> dict[str, list[str]]:
        """By the names of layers that keep several arrays: the names that a map has for parts of them."""
        if self.map is None or self.map.written:
            return {}
        kept = self._kept_layers()
        return {layer.name: sorted(kept.get(id(layer.thing), ())) for layer in self.layers if layer.spelling.whole}

    def named_weights(self) -> list[tuple[str, Any]]:
        """The weights that functions may be given, by their canonical names, or by paths before these are known."""
        if self.map is None:
            return [(place.path, place.live) for place in self.places()]
        return [] if self.map.written else [(spot.name, spot.live) for spot in self.spots()]

    def _is_called(self, thing: Any, layers: set[str]) -> bool:
        """Whether a module only keeps the weights of these layers, which functions compute."""
        kept = self._kept_layers().get(id(thing), set()) if layers and self.map and not self.map.written else set()
        return bool(kept) and kept <= layers

    def places(self) -> list[Place]:
        """Every parameter and buffer of the built side, by its own path; none where the framework cannot say."""
        return list(self.kept.places(self.found.model)) if self.kept else []

    def take_places(self, places: Sequence[Place]) -> None:
        """Until the side is built anew, its weights are these, by their own paths and as they are."""
        self._spots = [place_spot(place) for place in places]
        self.renew()

    def take_all(self) -> None:
        """The same of everything that is kept, where the framework can say; layers show only some of it."""
        if found := unique(self.places())[0]:
            self.take_places(found)

    @abstractmethod
    def renew(self) -> None:
        """Make the step functions anew, after the side's meaning was changed."""

    def flattened(self, _module: Any) -> tuple[int, ...]:
        """The shape, channels first, that was flattened just before a module; empty for none."""
        return ()

    def turned(self, _layer: SeenLayer, _attribute: str) -> bool:
        """Whether a known layer keeps a kernel (spatial, in, out) and turned around (row G8)."""
        return False

    def watched(self, used: list[int]) -> AbstractContextManager[None]:
        """While it lasts, the ids of parameters and buffers that are used are noted, the first use first."""
        return cast("AbstractContextManager[None]", self.kept.watched(used) if self.kept else nullcontext())

    def spots(self) -> list[Spot]:
        """Every weight of the built side."""
        if not self._spots:
            known = self.map
            self._spots = list(
                mapped_spots(known.weights, self._resolver()) if known else seen_spots(self.layers, self.layout)
            )
        return self._spots

    def _resolver(self) -> Callable[[str], tuple[Any, str]]:
        """From the path of a map to the owner and the attribute of a native tensor."""
        if self.map is None or self.map.written:
            return lambda path: along(path, self.root)
        places = {place.path: place for place in self.places()}
        return lambda path: (places[path].owner, places[path].attribute)

    def root(self, name: str) -> Any:
        """A layer of the model by the name that a weight map uses."""
        return getattr(self.found.model, name)

    def layout(self, _layer: SeenLayer, _attribute: str) -> tuple[Reorder, Reorder]:
        """A reordering that only this framework needs for this layer, before the canonical one, and its inverse."""
        return same, same

    def weights(self) -> Weights:
        """All parameters and buffers, canonical names and layouts."""
        return dict(self.weights_lazily())

    def weights_lazily(self) -> Lazily:
        """The same, each a copy that is made when it is looked at."""
        return Lazily({spot.name: partial(self._canonical, spot) for spot in self.spots()})

    def _canonical(self, spot: Spot) -> Array:
        array = spot.to(self.read(spot.live)).copy()
        for other in spot.plus:
            array += other.to(self.read(other.live))
        return array

    def n_alone(self) -> int:
        """How many numbers a user's side has in parameters that are no canonical weight of their own."""
        if self.map is None or self.map.written:
            return 0
        return sum(int(self.read(spot.live).size) for spot in self.zeros())

    def zeros(self) -> list[Spot]:
        """Parameters that the other sides do not know, under their own paths."""
        return list(zero_spots(self.map.zeros if self.map else (), self._resolver()))

    @abstractmethod
    def native(self) -> dict[str, Any]:
        """The native tensors of the model's parameters and running statistics, under the framework's own names."""

    def live(self) -> list[Any]:
        """The native tensors of all weights, in the order of `spots`."""
        spots = [one for spot in self.spots() for one in (spot, *spot.plus)]
        return list({id(spot.live): spot.live for spot in spots}.values())

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
            array = weights[spot.name]
            now = self.read(spot.live) if self.map else array
            self.write(spot, spot.into(now, array).astype(self.dtype))
        for spot in self.zeros():
            self.write(spot, np.zeros_like(self.read(spot.live)))
