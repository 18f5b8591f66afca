"""A second vector of biases beside a side that has one, in layers that are no known layer there (row H4).

Of known layers on both sides how many biases are trained is a trait of each. Where the other side's cell is one of its
own, or is run inside a transformation, its alignment says that it has one: what is added to nothing there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from paragone.prove.subject import Subject
from paragone.records import Trait
from paragone.sides.weight_map import WeightMap

TRAP, ONE = "double-bias", "one"
"""The trap that such a trait is, and its value on a side with one vector of biases."""


def with_counts(subjects: Sequence[Subject], maps: Mapping[str, str]) -> tuple[Subject, ...]:
    """The sides, each with the number of biases of every layer whose second one has no counterpart in it.

    Args:
        subjects: aligned sides.
        maps: of their weights, as JSON, by side.
    """
    told = [trait for subject in subjects for trait in _doubled(subject, maps.get(subject.name, ""))]
    single = {name for name, text in maps.items() if not _added(text)}
    return tuple(
        replace(subject, seen=(*subject.seen, *_lacking(subject, told))) if subject.name in single else subject
        for subject in subjects
    )


def _added(weight_map: str) -> set[str]:
    """The layers, by the names of their weights, that a map has second biases in."""
    weights = WeightMap.model_validate_json(weight_map).weights
    return {weight.name.partition("/")[0] for weight in weights if weight.plus}


def _doubled(subject: Subject, weight_map: str) -> list[Trait]:
    """The traits of the layers that the map has second biases in."""
    if not weight_map:
        return []
    added = _added(weight_map)
    layers = {row["name"] for row in subject.said["layers"] if added & {row["name"], *row["holds"]}}
    return [trait for trait in subject.traits if trait.trap == TRAP and trait.where in layers]


def _lacking(subject: Subject, told: Sequence[Trait]) -> list[Trait]:
    known = {trait.key for trait in subject.traits}
    ones = {trait.key: trait for trait in told if trait.key not in known}
    return [trait.model_copy(update={"value": ONE, "settable": False, "line": None}) for trait in ones.values()]
