"""A bias that one side has and another has not: told as a trait of its layer, and taken out.

It starts at zero in a proof, where it changes nothing, and the intervention keeps it there
(`paragone.frameworks.extras`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from paragone.frameworks.extras import EXTRA
from paragone.prove.hypotheses import Intervention
from paragone.prove.subject import Subject
from paragone.records import Trait
from paragone.sides.weight_map import WeightMap, parent_of

TRAP, NONE = "extra-bias", "none"
"""The trap that a difference in the trait is, and its value on a side that has no more than the others."""
SECOND_BIAS = "bias_hh"
"""What one form of a GRU has beside the other in PyTorch, which is a trap of its own (row H3)."""


def with_extras(subjects: Sequence[Subject], maps: Mapping[str, str]) -> tuple[Subject, ...]:
    """The sides, each with a trait for every layer of which it, or another side, has a bias alone.

    Args:
        subjects: aligned sides.
        maps: of their weights, as JSON, by side.
    """
    extras = {subject.name: _extras(subject, maps.get(subject.name, "")) for subject in subjects}
    layers = dict.fromkeys(layer for found in extras.values() for layer in found.values())
    return tuple(
        replace(
            subject,
            extras=extras[subject.name],
            seen=(*subject.seen, *(_trait(subject, layer, extras[subject.name]) for layer in layers)),
        )
        for subject in subjects
    )


def _extras(subject: Subject, weight_map: str) -> dict[str, str]:
    """The layers of the parameters that the side has alone and that start at zero, as `alone` tells them."""
    if not subject.alone or not weight_map:
        return {}
    known = WeightMap.model_validate_json(weight_map)
    layers = {parent_of(weight.path): weight.name.partition("/")[0] for weight in known.weights}
    paths = {told: told.partition(" (")[0] for told in subject.alone}
    return {
        told: layers.get(parent_of(path), path)
        for told, path in paths.items()
        if path in known.zeros and SECOND_BIAS not in path
    }


def _trait(subject: Subject, layer: str, extras: Mapping[str, str]) -> Trait:
    paths = [told.partition(" (")[0] for told, where in extras.items() if where == layer]
    names = [path[len(parent_of(path)) :].lstrip("./") for path in paths]
    lines = {row["name"]: row["line"] for row in subject.said["layers"]}
    value = ", ".join(names) or NONE
    return Trait(where=layer, name=EXTRA, value=value, trap=TRAP, line=lines.get(layer), settable=bool(names))


def extra_biases(suspects: Sequence[Intervention]) -> list[Intervention]:
    """Those that take such biases out: causes by the structure alone, whatever they do on other rungs."""
    return [one for one in suspects if one.trait.trap == TRAP]


def taken_out(side: Subject, suspects: Sequence[Intervention]) -> Subject:
    """The side without the parameters that these interventions leave nothing to do."""
    layers = {trait.where for one in extra_biases(suspects) if one.side == side.name for trait in one.traits}
    return replace(side, alone=tuple(path for path in side.alone if side.extras.get(path) not in layers))
