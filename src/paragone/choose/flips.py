"""What smallest change would make another side the first: of one weight, or of one value. Computed on the scores."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from paragone.choose.scale import Scale

_NOTHING = 1e-12


@dataclass(frozen=True)
class Standing:
    """The scores' makings: utility of each option on each criterion, and the weights (which sum to 1)."""

    weights: Mapping[str, float]
    utilities: Mapping[str, Mapping[str, float]]

    def lead(self, first: str, other: str, criterion: str) -> float:
        """By how much one option's utility is above another's."""
        return self.utilities[first][criterion] - self.utilities[other][criterion]

    def score(self, option: str) -> float:
        """Weighted sum of utilities."""
        return math.fsum(weight * self.utilities[option][name] for name, weight in self.weights.items())

    def order(self) -> list[str]:
        """Options from the highest score down; equal scores by name."""
        return sorted(self.utilities, key=lambda option: (-self.score(option), option))


@dataclass(frozen=True)
class WeightFlip:
    """At this weight of one criterion, the others keeping their proportions, `other` draws level with the first."""

    criterion: str
    weight: float
    other: str


@dataclass(frozen=True)
class ValueFlip:
    """At this value of `side` on one criterion, `other` draws level with the first."""

    criterion: str
    side: str
    value: float
    other: str


def weight_flip(standing: Standing) -> WeightFlip | None:
    """The smallest change of one weight that brings another option level with the first, or None."""
    found = list(_weight_flips(standing))
    return min(found, key=lambda flip: abs(flip.weight - standing.weights[flip.criterion])) if found else None


def _weight_flips(standing: Standing) -> Iterator[WeightFlip]:
    first, *others = standing.order()
    if len(standing.weights) < 2:
        return
    for other in others:
        total = standing.score(first) - standing.score(other)
        for name, weight in standing.weights.items():
            own = standing.lead(first, other, name)
            rest = (total - weight * own) / (1 - weight)
            level = rest / (rest - own) if rest != own else math.nan
            if 0 <= level <= 1:
                yield WeightFlip(name, level, other)


def value_flip(
    standing: Standing, scales: Mapping[str, Scale], values: Mapping[str, Mapping[str, float]]
) -> ValueFlip | None:
    """The smallest change of one value that brings another option level with the first, or None.

    Changes of unlike quantities are held against each other by their ratio, half and double being equal; for a share
    by the ratio of its odds, as 90 % to 99 % is a long way.

    Args:
        standing: the scores' makings.
        scales: the scale of each criterion.
        values: each option's value on each criterion.
    """
    found = list(_value_flips(standing, scales))

    def size(flip: ValueFlip) -> float:
        place = _place_of_share if scales[flip.criterion].unit == "share" else _place
        return abs(place(flip.value) - place(values[flip.side][flip.criterion]))

    return min(found, key=size) if found else None


def _value_flips(standing: Standing, scales: Mapping[str, Scale]) -> Iterator[ValueFlip]:
    first, *others = standing.order()
    for name, weight in standing.weights.items():
        gaps = [(standing.score(first) - standing.score(other)) / weight for other in others]
        lowered = standing.utilities[first][name] - min(gaps)
        if lowered >= 0:
            yield ValueFlip(name, first, scales[name].value(lowered), others[gaps.index(min(gaps))])
        for other, gap in zip(others, gaps, strict=True):
            raised = standing.utilities[other][name] + gap
            if raised <= 1:
                yield ValueFlip(name, other, scales[name].value(raised), other)


def _place(value: float) -> float:
    return math.log(max(value, _NOTHING))


def _place_of_share(share: float) -> float:
    return _place(share) - _place(1 - share)


def level(standing: Standing) -> Sequence[str]:
    """The options that share the highest score."""
    order = standing.order()
    return [option for option in order if standing.score(order[0]) - standing.score(option) < _NOTHING]
