"""The weights of a side under their canonical names: found by the kinds of its layers, or known from a weight map."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from paragone.frameworks.base import Array
from paragone.frameworks.found import SeenLayer
from paragone.frameworks.places import Place, taken
from paragone.layers.base import Weight
from paragone.sides.weight_map import MappedWeight, WeightMap
from paragone.workers.dataset import View

Reorder = Callable[[Array], Array]


@dataclass(frozen=True)
class Spot:
    """One canonical weight of a live model.

    Args:
        name: `layer/role`.
        owner: the object that keeps it.
        attribute: where it keeps it.
        to: from the framework's array to the canonical weight.
        into: the framework's array as it is, and the canonical weight, to the framework's array with the weight in it.
        trainable: False for a running statistic.
        plus: further weights of which the canonical one is the sum.
    """

    name: str
    owner: Any
    attribute: str
    to: Reorder
    into: Callable[[Array, Array], Array]
    trainable: bool
    plus: tuple[Spot, ...] = ()

    @property
    def live(self) -> Any:
        """The native tensor."""
        return taken(self.owner, self.attribute)


def known_map(text: str) -> WeightMap | None:
    """The map that a worker was given, if it was."""
    return WeightMap.model_validate_json(text) if text else None


def place_spot(place: Place) -> Spot:
    """A parameter or buffer under its own path, as it is."""
    return Spot(place.path, place.owner, place.attribute, same, _replaced, not place.buffer)


def known_view(known: WeightMap) -> View:
    """The data as a side that we wrote takes it."""
    forms = {"last": "as given", "first": "channels first"}
    inputs, targets = ("; ".join(forms[place] for place in places) for places in (known.inputs, known.targets))
    return View(inputs, inputs, targets)


def seen_spots(
    layers: Iterable[SeenLayer], layout: Callable[[SeenLayer, str], tuple[Reorder, Reorder]]
) -> Iterator[Spot]:
    """The weights of layers that were seen while the model ran.

    Args:
        layers: in order of execution.
        layout: a reordering that only this framework needs for an attribute, and its inverse.
    """
    for layer in layers:
        for weight in layer.spelling.weights:
            if getattr(layer.thing, weight.attribute, None) is not None:
                yield _seen(layer, weight, *layout(layer, weight.attribute))
        for attribute in layer.own:
            yield Spot(f"{layer.name}/{attribute}", layer.thing, attribute, same, _replaced, True)


def _seen(layer: SeenLayer, weight: Weight, first: Reorder, last: Reorder) -> Spot:
    return Spot(
        f"{layer.name}/{weight.role}",
        layer.thing,
        weight.attribute,
        lambda array: weight.to_canonical(first(array)),
        lambda _, canonical: last(weight.from_canonical(canonical)),
        weight.trainable,
    )


def mapped_spots(weights: Iterable[MappedWeight], resolve: Callable[[str], tuple[Any, str]]) -> Iterator[Spot]:
    """The weights that a map names.

    Args:
        weights: of the map.
        resolve: gives the owner and the attribute that a path leads to.
    """
    for weight in weights:
        plus = tuple(
            Spot(path, *resolve(path), weight.to_canonical, weight.into, weight.trainable) for path in weight.plus
        )
        yield Spot(weight.name, *resolve(weight.path), weight.to_canonical, weight.into, weight.trainable, plus)


def zero_spots(paths: Iterable[str], resolve: Callable[[str], tuple[Any, str]]) -> Iterator[Spot]:
    """Parameters that the other sides do not know."""
    for path in paths:
        yield Spot(path, *resolve(path), same, _replaced, True)


def along(path: str, root: Callable[[str], Any]) -> tuple[Any, str]:
    """The object that a path of a written side leads to, and the attribute of it; `root` gives its first part."""
    first, *rest = path.split(".")
    *between, attribute = rest
    owner = root(first)
    for part in between:
        owner = owner[int(part)] if part.isdigit() else getattr(owner, part)
    return owner, attribute


def same(array: Array) -> Array:
    """No reordering."""
    return array


def turned(kernel: Array) -> Array:
    """A kernel (spatial, in, out) turned around, as (spatial, out, in); and back."""
    spatial = tuple(range(kernel.ndim - 2))
    return np.flip(kernel, spatial).swapaxes(-1, -2)


def _replaced(_: Array, canonical: Array) -> Array:
    return canonical
