"""What may separate the sides: traits that differ, and the interventions that would make them alike."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from paragone.prove.subject import RATE, Subject
from paragone.records import Trait

Key = tuple[str, str]
KIND, SCHEDULE = "optimizer", "schedule"
"""Traits of an optimizer that are no number of it; the first is also where all of its traits are."""
FORM = "loss-kind"
"""The trap of losses of two forms."""
PRECISION = "schedule-precision"
"""The trap of rates that differ by no more than the rounding of float32."""
FOLLOWING = ("activation", "later_activation")
"""Traits whose value is a function with its settings; what the settings are is a trait of its own."""
_NO_SUSPECTS = {KIND, RATE}


@dataclass(frozen=True)
class Intervention:
    """One trait of one side, set to the value that the other sides have, at all places where it differs alike.

    A network has the same layer many times: fifty batch normalisations with another epsilon are one suspect.

    Args:
        side: the side that is changed.
        trait: the first of the traits.
        value: what it is set to.
        more: the other traits of the same name, value and wanted value.
    """

    side: str
    trait: Trait
    value: Any
    more: tuple[Trait, ...] = ()

    @property
    def traits(self) -> tuple[Trait, ...]:
        """All traits that are set."""
        return (self.trait, *self.more)

    @property
    def key(self) -> Key:
        """What the first trait is called on every side."""
        return self.trait.key

    @property
    def keys(self) -> tuple[Key, ...]:
        """What the traits are called on every side."""
        return tuple(trait.key for trait in self.traits)

    @property
    def of_model(self) -> bool:
        """Whether it is about the model, not about how it is trained."""
        return self.trait.where not in {"optimizer", "loss"}

    def plain(self) -> list[dict[str, Any]]:
        """What the worker is told."""
        return [{"where": trait.where, "name": trait.name, "value": self.value} for trait in self.traits]


def hypotheses(subjects: Sequence[Subject]) -> list[Intervention]:
    """The interventions that bring every differing trait of the ladder to one value; dropout is switched off on it.

    The value is the most common one among the sides, the first side's where there is none; a side that cannot be
    changed keeps its own, and the others follow it.
    """
    if len(subjects) < 2:
        return []
    tables = _tables(subjects)
    shared = [key for key in next(iter(tables.values())) if all(key in table for table in tables.values())]
    found = []
    for key in shared:
        traits = {name: table[key] for name, table in tables.items()}
        chosen = _wanted(list(traits.values()))
        if chosen is None:
            continue
        wanted = chosen.value
        found += [
            Intervention(name, trait, _whole(chosen, tables[name], tables))
            for name, trait in traits.items()
            if not _agree(trait, wanted) and trait.settable and trait.name not in _NO_SUSPECTS
        ]
    return _together(found) + _kinds(subjects)


def _whole(chosen: Trait, own: Mapping[Key, Trait], tables: Mapping[str, Mapping[Key, Trait]]) -> Any:
    """The value that a side is given: a form of loss with those of its options that the side has no trait for."""
    if chosen.trap != FORM:
        return chosen.value
    theirs = next(table for table in tables.values() if chosen in table.values())
    lacking = {trait.name: trait.value for key, trait in theirs.items() if trait.where == "loss" and key not in own}
    return json.dumps({"form": chosen.value, **lacking}, sort_keys=True) if lacking else chosen.value


def _tables(subjects: Sequence[Subject]) -> dict[str, dict[Key, Trait]]:
    """The traits of each side, and of those that are idle in it the ones that mean something in another."""
    tables = {subject.name: {trait.key: trait for trait in subject.traits} for subject in subjects}
    active = {key for table in tables.values() for key in table}
    for subject in subjects:
        idle = {trait.key: trait for trait in subject.idle if trait.key in active}
        tables[subject.name] = {**idle, **tables[subject.name]}
    return tables


def _kinds(subjects: Sequence[Subject]) -> list[Intervention]:
    """The interventions that give every side the first side's kind of optimizer, with all of its options."""
    own = [trait for trait in subjects[0].traits if trait.where == KIND]
    if any(trait.mixed for trait in own):
        return []
    options = {trait.name: trait.value for trait in own}
    kind = options.pop(KIND, None)
    options.pop(SCHEDULE, None)
    wanted = json.dumps({"kind": kind, "options": options}, sort_keys=True)
    return [
        Intervention(subject.name, trait, wanted)
        for subject in subjects[1:]
        for trait in subject.traits
        if trait.name == KIND and trait.settable and kind is not None and trait.value != kind
    ]


def _agree(trait: Trait, wanted: Any) -> bool:
    """Whether a trait has the wanted value; functions agree where they are the same, whatever their settings."""
    if trait.name in FOLLOWING:
        return str(trait.value).partition(" ")[0] == str(wanted).partition(" ")[0]
    return not differ(trait, trait.value, wanted)


def _together(found: Sequence[Intervention]) -> list[Intervention]:
    """One suspect for all places where the same trait of a side differs in the same way."""
    groups: dict[tuple[Any, ...], list[Intervention]] = {}
    for one in found:
        kind = (one.side, one.trait.trap, one.trait.name, str(one.trait.value), str(one.value))
        groups.setdefault(kind, []).append(one)
    return [replace(first, more=tuple(one.trait for one in rest)) for first, *rest in groups.values()]


def differing_rates(a: Subject, b: Subject) -> list[Intervention]:
    """The dropout layers of `b` that correspond to layers of `a` with another rate, and the rate that `a` has."""
    rates = {trait.where: trait.value for trait in a.traits if trait.name == RATE}
    return [
        Intervention(b.name, trait, rates[trait.where])
        for trait in b.traits
        if trait.name == RATE and trait.where in rates and not alike(trait.value, rates[trait.where])
    ]


def unexplainable(subjects: Sequence[Subject]) -> list[str]:
    """Differences of traits that no intervention can remove, in words."""
    rows = []
    found = {subject.name: next((t for t in subject.traits if t.name == KIND), None) for subject in subjects}
    kinds = {name: trait.value if trait else None for name, trait in found.items()}
    if len(set(kinds.values())) > 1 and not all(trait and trait.settable for trait in list(found.values())[1:]):
        rows.append("the optimizers are of different kinds: " + ", ".join(f"{k} in {s}" for s, k in kinds.items()))
    return [*rows, *_mixed(subjects), *_fixed(subjects)]


def _fixed(subjects: Sequence[Subject]) -> Iterator[str]:
    """Traits that differ and that can be changed on none of the sides."""
    tables = [{trait.key: trait for trait in subject.traits if trait.where != KIND} for subject in subjects]
    for key, trait in tables[0].items():
        all_ = [table[key] for table in tables if key in table]
        fixed = len(all_) == len(tables) and not any(one.settable for one in all_)
        if fixed and not all(alike(one.value, trait.value) for one in all_):
            told = ", ".join(f"{one.value} in {side.name}" for one, side in zip(all_, subjects, strict=True))
            row = f" (row {trait.row})" if trait.row else ""
            yield f"the {trait.name.replace('_', ' ')} of {trait.where}: {told}{row}"


def _mixed(subjects: Sequence[Subject]) -> Iterator[str]:
    """Numbers of optimizers that no side can be given, because groups of parameters have each their own."""
    tables = {subject.name: {trait.key: trait for trait in subject.traits} for subject in subjects}
    first, *others = tables.values()
    for key, trait in first.items():
        all_ = [trait, *(table[key] for table in others if key in table)]
        if (
            any(one.mixed for one in all_)
            and _wanted(all_) is None
            and not all(one.value == trait.value for one in all_)
        ):
            told = ", ".join(f"{table[key].value} in {side}" for side, table in tables.items() if key in table)
            yield f"the {trait.name.replace('_', ' ')} of groups of parameters: {told}"


def differ(trait: Trait, a: Any, b: Any) -> bool:
    """Whether two values of a trait differ."""
    return bool(a != b) if trait.trap == PRECISION else not alike(a, b)


def alike(a: Any, b: Any) -> bool:
    """Equal, for numbers up to the rounding of float32."""
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(map(alike, a, b))
    if isinstance(a, bool) or isinstance(b, bool) or isinstance(a, str) or isinstance(b, str):
        return bool(a == b)
    if a is None or b is None:
        return a is b
    return bool(abs(a - b) <= 1e-6 * max(abs(a), abs(b)))


def _wanted(traits: Sequence[Trait]) -> Trait | None:
    """The trait whose value all sides are given; None where it has a value for each group of parameters.

    Such a value can be taken from a side, and be given to none.
    """
    fixed = [trait for trait in traits if not trait.settable]
    plain = [trait for trait in traits if not trait.mixed]
    chosen = _most_common(fixed or plain or traits)
    return None if chosen.mixed else chosen


def _most_common(traits: Sequence[Trait]) -> Trait:
    groups: Counter[int] = Counter()
    for trait in traits:
        groups[next(i for i, other in enumerate(traits) if alike(other.value, trait.value))] += 1
    best = max(groups.values())
    return next(traits[i] for i in sorted(groups) if groups[i] == best)
