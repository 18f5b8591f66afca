"""What is to be changed in the sides' files, from what the proof found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from paragone.fixes.patch import Change
from paragone.fixes.start import StartTensor
from paragone.optimizers.adam import AFTER
from paragone.prove.effects import start_differences
from paragone.prove.group import Group
from paragone.prove.hypotheses import Intervention, differing_rates
from paragone.prove.initialisation import fans, named_distribution, pooled
from paragone.prove.subject import Subject
from paragone.prove.traps import TRAPS

_ALL = ("tensorflow", "torch", "jax")
_WRITTEN = {
    "beta_precision": ("float64", _ALL),
    "momentum_precision": ("float64", _ALL),
    "epsilon_place": (AFTER, ("jax",)),
}
"""Traits that can be shown either way by experiment, and written in one way alone in some frameworks: a side can keep
its numbers in float64, and cannot round one of two uses of a number to float32, as Keras does."""


def changes_of(group: Group, found: Sequence[Intervention]) -> list[Change]:
    """All that makes the sides of a group the same: its causes, and rates and starts as the first side has them."""
    first, *others = group.subjects
    rows: list[Change] = []
    for change in (change for one in found for change in every_place(group, one)):
        rows += [] if change in rows else [change]
    for other in others:
        rows += [trait_change(group, one) for one in differing_rates(first, other)]
        starts = start_differences(group, first, other) if group.scope.decides_by_start else {}
        rows += [start_change(group, first, other, slug, names) for (slug, _), names in starts.items()]
    return rows


def every_place(group: Group, one: Intervention) -> list[Change]:
    """The change at each place where the trait differs; the other way round where only that can be written."""
    plain, frameworks = _WRITTEN.get(one.trait.name, (one.value, ()))
    if one.value != plain and group.subject(one.side).framework in frameworks:
        others = [(subject, trait) for subject in group.subjects for trait in subject.traits]
        return [
            trait_change(group, Intervention(subject.name, trait, plain))
            for subject, trait in others
            if trait.key == one.trait.key and trait.value != plain
        ]
    return [trait_change(group, replace(one, trait=trait, more=())) for trait in one.traits]


def trait_change(group: Group, one: Intervention) -> Change:
    """The change that an intervention is, in the source."""
    trait, subject = one.trait, group.subject(one.side)
    template = TRAPS[trait.trap].fixes.get(subject.framework, "") if trait.trap in TRAPS else ""
    if trait.trap.startswith("clip-") and one.value == 0:
        template = "leave the clipping out"
    other = 1 - one.value if isinstance(one.value, float) else one.value
    try:
        hint = template.format(value=one.value, other=other, name=trait.name)
    except ValueError:
        hint = template
    return Change(
        one.side,
        trait.trap,
        trait.where,
        trait.name,
        one.value,
        line=trait.line,
        hint=hint or f"{trait.name}: {one.value}",
    )


def start_change(group: Group, a: Subject, b: Subject, slug: str, names: Sequence[str]) -> Change:
    """Draw these tensors of `b` from the laws that `a` draws them from."""
    draws, shapes = pooled(group.draws[a.name]), group.shapes()
    tensors = tuple(
        StartTensor(name, named_distribution(name, draws[name], shapes), *fans(name, shapes), len(shapes[name]))
        for name in names
    )
    lines = {row["name"]: row["line"] for row in b.said["layers"]}
    hint = "; ".join(f"draw {one.tensor} from: {one.law}" for one in tensors)
    return Change(b.name, slug, tensors=tensors, line=lines.get(tensors[0].layer), hint=hint)
