"""What smallest change would bring another option level with the first: of one weight, or of one value.

Computed on the leads at the centre of the weights, without what the evidence cannot tell apart.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from paragone.choose.scale import Scale

_NOTHING = 1e-12


@dataclass(frozen=True)
class Rivals:
    """The first option and all that it leads.

    Args:
        first: its name.
        weights: of the criteria, summing to 1.
        utilities: of each option on each criterion, where it has a value.
        leads: for each other option, by how much the first leads it on each criterion; 0 where they are not told apart.
    """

    first: str
    weights: Mapping[str, float]
    utilities: Mapping[str, Mapping[str, float]]
    leads: Mapping[str, Mapping[str, float]]

    def lead(self, other: str) -> float:
        """Weighted sum of the leads over another."""
        return math.fsum(self.weights[name] * size for name, size in self.leads[other].items())


@dataclass(frozen=True)
class WeightFlip:
    """At this weight of one criterion, the others keeping their proportions, `other` draws level with the first."""

    criterion: str
    weight: float
    other: str


@dataclass(frozen=True)
class ValueFlip:
    """At this value of `option` on one criterion, `other` draws level with the first."""

    criterion: str
    option: str
    value: float
    other: str


def weight_flip(rivals: Rivals) -> WeightFlip | None:
    """The smallest change of one weight that brings another option level with the first, or None."""
    found = list(_weight_flips(rivals))
    return min(found, key=lambda flip: abs(flip.weight - rivals.weights[flip.criterion])) if found else None


def _weight_flips(rivals: Rivals) -> Iterator[WeightFlip]:
    if len(rivals.weights) < 2:
        return
    for other, leads in rivals.leads.items():
        total = rivals.lead(other)
        for name, weight in rivals.weights.items():
            own = leads.get(name, 0.0)
            rest = (total - weight * own) / (1 - weight)
            level = rest / (rest - own) if rest != own else math.nan
            if _NOTHING < level < 1 - _NOTHING:
                yield WeightFlip(name, level, other)


def value_flip(
    rivals: Rivals, scales: Mapping[str, Scale], values: Mapping[str, Mapping[str, float]]
) -> ValueFlip | None:
    """The smallest change of one value that brings another option level with the first, or None.

    Changes of unlike quantities are held against each other by their ratio, half and double being equal; for a share
    by the ratio of its odds, as 90 % to 99 % is a long way.

    Args:
        rivals: the leads.
        scales: the scale of each criterion.
        values: each option's value on each criterion.
    """
    found = list(_value_flips(rivals, scales))

    def size(flip: ValueFlip) -> float:
        place = _place_of_share if scales[flip.criterion].unit == "share" else _place
        return abs(place(flip.value) - place(values[flip.option][flip.criterion]))

    return min(found, key=size) if found else None


def _value_flips(rivals: Rivals, scales: Mapping[str, Scale]) -> Iterator[ValueFlip]:
    own = rivals.utilities[rivals.first]
    for other, leads in rivals.leads.items():
        theirs = rivals.utilities[other]
        for name in own.keys() & theirs.keys() & leads.keys():
            needed = leads[name] - rivals.lead(other) / rivals.weights[name]
            lowered, raised = theirs[name] + needed, own[name] - needed
            if 0 <= lowered <= own[name]:
                yield ValueFlip(name, rivals.first, scales[name].value(lowered), other)
            if theirs[name] <= raised <= 1:
                yield ValueFlip(name, other, scales[name].value(raised), other)


def _place(value: float) -> float:
    return math.log(max(value, _NOTHING))


def _place_of_share(share: float) -> float:
    return _place(share) - _place(1 - share)
