"""What counts in a choice: the criteria that there is evidence for, and each candidate's values on them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from paragone.choose.candidates import Candidate
from paragone.choose.criteria import Kind, criteria
from paragone.choose.pairs import Values, spread_of
from paragone.choose.profile import Profile
from paragone.records import Criterion, CriterionValue, Interval


@dataclass(frozen=True)
class Weighed:
    """A criterion that counts, with the values of every candidate.

    Args:
        kind: the criterion.
        weight: its mean share of what is weighed; the shares of all that count sum to 1.
        values: of each candidate by run; nothing for one without evidence.
    """

    kind: Kind
    weight: float
    values: tuple[Values, ...]

    def utility(self, at: int) -> float | None:
        """Mean utility of a candidate over its runs."""
        found = [self.kind.scale.utility(value.mid) for _, value in self.values[at].values()]
        return fmean(found) if found else None

    def spread(self, at: int) -> float:
        """Standard deviation of that, of a normal distribution with the same interval."""
        spreads = [spread_of(value, self.kind.scale) for _, value in self.values[at].values()]
        return math.sqrt(math.fsum(one**2 for one in spreads)) / len(spreads) if spreads else 0.0

    def value(self, at: int) -> Interval | None:
        """The value that stands for a candidate: its own, or the mean on the criterion's scale over several runs."""
        found = [value for _, value in self.values[at].values()]
        return self.kind.scale.mean(found) if found else None


def weigh(
    candidates: Sequence[Candidate], profile: Profile, weights: Mapping[str, float]
) -> tuple[list[Weighed], list[str]]:
    """The criteria for which a candidate has a value, and why the others are left out, or say nothing of some.

    Args:
        candidates: those that are compared.
        profile: what counts.
        weights: the mean weight of each of its criteria.
    """
    read = {name: tuple(one.values(criteria()[name]) for one in candidates) for name in profile.criteria}
    total = math.fsum(weights[name] for name, values in read.items() if any(values))
    counted = [Weighed(criteria()[name], weights[name] / total, values) for name, values in read.items() if any(values)]
    left_out = [text for name, values in read.items() if (text := _left_out(criteria()[name], values, candidates))]
    return counted, left_out


def _left_out(kind: Kind, values: Sequence[Values], candidates: Sequence[Candidate]) -> str:
    """Why a criterion is left out, or for whom it says nothing; empty where everybody has a value."""
    missing = [one.name for one, found in zip(candidates, values, strict=True) if not found]
    if not missing or len(missing) < len(candidates):
        of = f"{', '.join(missing)}: " if missing else ""
        return f"{kind.label}: {of}{kind.absent}; it may be anything on the scale." if missing else ""
    if any(found.evidence.distrusts(kind) for one in candidates for found in one.found):
        return f"{kind.label}: the measuring failed its own A/A test and is not trusted."
    return f"{kind.label}: {kind.absent}."


def criterion_of(one: Weighed, candidates: Sequence[Candidate]) -> Criterion:
    """The record of a criterion that counts."""
    kind = one.kind
    values = [(candidate, one.value(at), one.values[at]) for at, candidate in enumerate(candidates)]
    return Criterion(
        id=kind.id,
        label=kind.label,
        unit=kind.scale.unit,
        weight=one.weight,
        worst=kind.scale.worst,
        best=kind.scale.best,
        evidence=kind.evidence,
        values=tuple(
            CriterionValue(side=of.name, value=value, utility=_utility(kind, value), source=", ".join(runs))
            for of, value, runs in values
            if value is not None
        ),
        log=kind.scale.log,
        least=kind.least,
    )


def _utility(kind: Kind, value: Interval) -> Interval:
    ends = sorted(kind.scale.utility(end) for end in (value.low, value.high))
    mid = kind.scale.utility(value.mid)
    return Interval(mid=mid, low=min(ends[0], mid), high=max(ends[1], mid), level=value.level, n=value.n)
