"""What each criterion says about two candidates, in the runs in which both took part."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean, stdev

from paragone.choose.candidates import Candidate, Found
from paragone.choose.criteria import Kind
from paragone.choose.scale import Scale, apart, estimate
from paragone.choose.student import quantile
from paragone.records import Gap, Interval, Ratio, Side
from paragone.records.choice import GapState

TIE_LEVEL = 0.99
"""Two values that Welch's test does not tell apart at this level do not separate their options."""

_NORMAL = math.inf
_ROUNDING = 1e-12

Values = Mapping[str, tuple[Found, Interval]]


@dataclass(frozen=True)
class Pair:
    """Two candidates, as places among all, and what each criterion says about them."""

    a: int
    b: int
    gaps: Mapping[str, Gap]

    @property
    def level(self) -> bool:
        """Whether no criterion tells them apart, and there is none that might."""
        return all(gap.low == gap.high == 0 for gap in self.gaps.values())


@dataclass(frozen=True)
class _Lead:
    """In one run: the utility of the first less that of the second, 0 for a tie, and its standard deviation."""

    size: float
    spread: float


def pairs_of(
    candidates: Sequence[Candidate], kinds: Sequence[Kind], values: Mapping[str, Sequence[Values]]
) -> list[Pair]:
    """Every pair of candidates.

    Args:
        candidates: all of them.
        kinds: the criteria.
        values: for each criterion, the values of each candidate by run.
    """
    return [
        Pair(a, b, {kind.id: _gap(kind, values[kind.id][a], values[kind.id][b]) for kind in kinds})
        for a, b in combinations(range(len(candidates)), 2)
    ]


def _gap(kind: Kind, a: Values, b: Values) -> Gap:
    if not a and not b:
        return Gap(criterion=kind.id, state="both unknown", low=0.0, high=0.0)
    if not a or not b:
        known = fmean(kind.scale.utility(value.mid) for _, value in (a or b).values())
        low, high = (known - 1, known) if a else (-known, 1 - known)
        return Gap(criterion=kind.id, state="one unknown", low=low, high=high)
    shared = [id_ for id_ in a if id_ in b]
    if not shared:
        return Gap(criterion=kind.id, state="never in one run", low=-1.0, high=1.0)
    lead = _pooled([_in_one_run(kind, a[id_], b[id_]) for id_ in shared])
    state: GapState = "apart" if lead.size else "tied"
    return Gap(criterion=kind.id, state=state, low=lead.size, high=lead.size, spread=lead.spread)


def _pooled(leads: Sequence[_Lead]) -> _Lead:
    """The mean over runs; a tie where the runs disagree by more than their mean."""
    if len(leads) == 1:
        return leads[0]
    size = fmean(lead.size for lead in leads)
    within = math.sqrt(math.fsum(lead.spread**2 for lead in leads)) / len(leads)
    between = stdev(lead.size for lead in leads) / math.sqrt(len(leads))
    spread = max(within, between)
    certain = abs(size) > between * quantile(len(leads) - 1.0, 0.70)
    return _Lead(size, spread) if certain else _Lead(0.0, spread)


def _in_one_run(kind: Kind, a: tuple[Found, Interval], b: tuple[Found, Interval]) -> _Lead:
    (at_a, of_a), (at_b, of_b) = a, b
    size = kind.scale.utility(of_a.mid) - kind.scale.utility(of_b.mid)
    spread = math.hypot(spread_of(of_a, kind.scale), spread_of(of_b, kind.scale))
    ratio = _ratio(kind, at_a, at_b)
    if ratio is None:
        separate = apart(estimate(of_a, kind.scale), estimate(of_b, kind.scale), TIE_LEVEL)
    else:
        separate = ratio.verdict not in ("tie", "withheld")
        spread = spread or _spread_of_ratio(ratio, kind.scale)
    if same_code(at_a.side, at_b.side) or not separate or not _counts(kind, of_a.mid, of_b.mid):
        size = 0.0
    return _Lead(size, spread)


def spread_of(value: Interval, scale: Scale) -> float:
    """Standard deviation of the utility, of a normal distribution with the same interval."""
    return max(abs(scale.step(value.mid, end)) for end in (value.low, value.high)) / quantile(_NORMAL, value.level)


def _counts(kind: Kind, a: float, b: float) -> bool:
    """Whether two values differ by as much as counts on this criterion."""
    if kind.scale.log:
        return abs(math.log(a / b)) >= math.log(kind.least) - _ROUNDING
    return abs(a - b) >= kind.least - _ROUNDING


def same_code(a: Side, b: Side) -> bool:
    """Whether two candidates are one side under two names."""
    return all(
        getattr(a, field) == getattr(b, field)
        for field in ("sha256", "framework", "backend", "version", "packages", "model", "track", "device")
    )


def _ratio(kind: Kind, a: Found, b: Found) -> Ratio | None:
    """The timing's own comparison of these two; None if it has none."""
    timings = a.evidence.timings
    for ratio in timings.ratios if timings and kind.quantity else ():
        if (
            ratio.quantity == kind.quantity
            and {ratio.a, ratio.b} == {a.side.name, b.side.name}
            and a.side.track == b.side.track == ratio.track
        ):
            return ratio
    return None


def _spread_of_ratio(ratio: Ratio, scale: Scale) -> float:
    """Standard deviation of the difference in utility, of the interval of the ratio; for a record without samples."""
    if not 0 < ratio.low <= ratio.high < math.inf or not scale.log:
        return 0.0
    level = 1 - ratio.alpha if ratio.alpha else ratio.level
    return abs(scale.step(ratio.low, ratio.high)) / 2 / quantile(_NORMAL, level)
