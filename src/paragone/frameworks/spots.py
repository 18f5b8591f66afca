"""The weights of a side under their canonical names: found by the kinds of its layers, or known from a weight map."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from paragone.frameworks.base import Array
from paragone.frameworks.found import SeenLayer
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
    """

    name: str
    owner: Any
    attribute: str
    to: Reorder
    into: Callable[[Array, Array], Array]
    trainable: bool

    @property
    def live(self) -> Any:
        """The native tensor."""
        return getattr(self.owner, self.attribute)


def known_map(text: str) -> WeightMap | None:
    """The map that a worker was given, if it was."""
    return WeightMap.model_validate_json(text) if text else None


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


def mapped_spots(weights: Iterable[MappedWeight], root: Callable[[str], Any]) -> Iterator[Spot]:
    """The weights that a map names.

    Args:
        weights: of the map.
        root: gives the first part of a path.
    """
    for weight in weights:
        owner, attribute = _resolved(weight.path, root)
        yield Spot(weight.name, owner, attribute, weight.to_canonical, weight.into, weight.trainable)


def zero_spots(paths: Iterable[str], root: Callable[[str], Any]) -> Iterator[Spot]:
    """Parameters that the task does not know."""
    for path in paths:
        owner, attribute = _resolved(path, root)
        yield Spot(path, owner, attribute, same, _replaced, True)


def _resolved(path: str, root: Callable[[str], Any]) -> tuple[Any, str]:
    """The object that a path leads to, and the attribute of it."""
    first, *rest = path.split(".")
    *between, attribute = rest
    owner = root(first)
    for part in between:
        owner = owner[int(part)] if part.isdigit() else getattr(owner, part)
    return owner, attribute


def same(array: Array) -> Array:
    """No reordering."""
    return array


def _replaced(_: Array, canonical: Array) -> Array:
    return canonical
