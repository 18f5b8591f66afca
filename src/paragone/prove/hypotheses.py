"""What may separate the sides: traits that differ, and the interventions that would make them alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from paragone.prove.subject import RATE, Subject
from paragone.records import Trait

Key = tuple[str, str]


@dataclass(frozen=True)
class Intervention:
    """One trait of one side, set to the value that the other sides have."""

    side: str
    trait: Trait
    value: Any

    @property
    def key(self) -> Key:
        """Where and name of the trait."""
        return self.trait.where, self.trait.name

    def plain(self) -> dict[str, Any]:
        """What the worker is told."""
        return {"where": self.trait.where, "name": self.trait.name, "value": self.value}


def hypotheses(subjects: Sequence[Subject]) -> list[Intervention]:
    """The interventions that bring every differing trait of the ladder to one value; dropout is switched off on it.

    The value is the most common one among the sides, the first side's where there is none; a side that cannot be
    changed keeps its own, and the others follow it.
    """
    if len(subjects) < 2:
        return []
    tables = {subject.name: {(t.where, t.name): t for t in subject.traits} for subject in subjects}
    shared = [key for key in next(iter(tables.values())) if all(key in table for table in tables.values())]
    found = []
    for key in shared:
        traits = {name: table[key] for name, table in tables.items()}
        wanted = _wanted(list(traits.values()))
        found += [
            Intervention(name, trait, wanted)
            for name, trait in traits.items()
            if not alike(trait.value, wanted) and trait.settable and trait.name not in {"optimizer", RATE}
        ]
    return found


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
    kinds = {
        subject.name: next((t.value for t in subject.traits if t.name == "optimizer"), None) for subject in subjects
    }
    if len(set(kinds.values())) > 1:
        rows.append("the optimizers are of different kinds: " + ", ".join(f"{k} in {s}" for s, k in kinds.items()))
    return rows


def alike(a: Any, b: Any) -> bool:
    """Equal, for numbers up to the rounding of float32."""
    if isinstance(a, bool) or isinstance(b, bool) or isinstance(a, str) or isinstance(b, str):
        return bool(a == b)
    if a is None or b is None:
        return a is b
    return bool(abs(a - b) <= 1e-6 * max(abs(a), abs(b)))


def _wanted(traits: Sequence[Trait]) -> Any:
    fixed = [trait.value for trait in traits if not trait.settable]
    if fixed:
        return _most_common(fixed)
    return _most_common([trait.value for trait in traits])


def _most_common(values: Iterable[Any]) -> Any:
    values = list(values)
    groups: Counter[int] = Counter()
    for value in values:
        first = next(i for i, other in enumerate(values) if alike(other, value))
        groups[first] += 1
    best = max(groups.values())
    return next(values[i] for i in sorted(groups) if groups[i] == best)
