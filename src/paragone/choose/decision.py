"""From evidence to a choice: hard constraints, then weighted criteria, then how sure the first place is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from paragone.choose import explain
from paragone.choose.constraints import decide_constraints
from paragone.choose.criteria import Evidence, Kind, criteria
from paragone.choose.flips import Standing
from paragone.choose.profile import EVIDENCE_NEEDED, ROBUST, Profile, named
from paragone.choose.scale import Estimate, apart, estimate
from paragone.records import (
    Choice,
    Criterion,
    CriterionValue,
    Interval,
    Proof,
    Ranked,
    Side,
    Timings,
)

TIE_LEVEL = 0.99
"""Two values that Welch's test does not tell apart at this level do not separate their sides."""

DRAWS = 20_000


@dataclass(frozen=True)
class Weighed:
    """A criterion that counts in this run, with the value of every option.

    Args:
        kind: the criterion.
        weight: its share; the shares of all that count sum to 1.
        values: in the order of the options.
    """

    kind: Kind
    weight: float
    values: tuple[Interval, ...]

    def estimates(self) -> list[Estimate]:
        """The values as distributions on the criterion's scale."""
        return [estimate(value, self.kind.scale) for value in self.values]


def choose(proof: Proof | None, timings: Timings | None, sides: Sequence[Side], profile: str, seed: int) -> Choice:
    """Recommend a side for a profile on the evidence of this run, or say that there is no robust winner.

    Raises:
        InputError: there is no profile of this name.
    """
    return decide(Evidence(proof, timings), sides, named(profile), seed)


def decide(evidence: Evidence, sides: Sequence[Side], profile: Profile, seed: int, draws: int = DRAWS) -> Choice:
    """`choose` for a profile that was made and not named."""
    constraints = decide_constraints(profile.constraints, evidence, sides)
    failed = {constraint.side for constraint in constraints if not constraint.met}
    options = [side for side in sides if side.name not in failed]
    weighed, left_out = _weigh(evidence, options, profile)
    covered = sum(profile.weights[one.kind.id] for one in weighed) / sum(profile.weights.values())
    ties = frozenset(_ties(evidence, options, weighed))
    standing = Standing(
        {one.kind.id: one.weight for one in weighed},
        {side.name: _utilities(weighed, at) for at, side in enumerate(options)},
    )
    ranking = _rank(options, weighed, standing, ties, seed=seed, draws=draws)
    winner = _winner(ranking, covered)
    told = explain.Told(evidence, options, constraints, weighed, ties, standing, ranking, winner, covered)
    return Choice(
        profile=profile.name,
        description=profile.description,
        verdict="nothing to choose" if not options else "winner" if winner else "no robust winner",
        winner=winner,
        constraints=constraints,
        criteria=tuple(_criterion(one, options) for one in weighed),
        ranking=ranking,
        because=tuple(explain.because(told)),
        flips=tuple(explain.flips(told)),
        not_weighed=(*left_out, *explain.NEVER_WEIGHED),
    )


def _weigh(evidence: Evidence, options: Sequence[Side], profile: Profile) -> tuple[list[Weighed], list[str]]:
    """The criteria for which every option has a value, and why the others are left out."""
    found: list[tuple[Kind, float, list[Interval]]] = []
    left_out = []
    for name, weight in profile.weights.items():
        kind = criteria()[name]
        values = [kind.read(evidence, side) for side in options]
        usable = [value for value in values if value is not None and kind.scale.holds(value)]
        if evidence.distrusts(kind):
            left_out.append(f"{kind.label}: the measuring failed its own A/A test in this run and is not trusted.")
        elif len(usable) < len(options):
            left_out.append(f"{kind.label}: {kind.absent}.")
        else:
            found.append((kind, weight, usable))
    total = sum(weight for _, weight, _ in found)
    return [Weighed(kind, weight / total, tuple(values)) for kind, weight, values in found], left_out


def _ties(evidence: Evidence, options: Sequence[Side], weighed: Sequence[Weighed]) -> Iterator[tuple[str, str, str]]:
    """Where the evidence cannot tell two options apart: the same code, a tie in the timing, or Welch's test."""
    for one in weighed:
        estimates = dict(zip([side.name for side in options], one.estimates(), strict=True))
        for a, b in combinations(options, 2):
            timed = _timed_apart(evidence, one.kind, a, b)
            separate = apart(estimates[a.name], estimates[b.name], TIE_LEVEL) if timed is None else timed
            if _same_code(a, b) or not separate:
                yield one.kind.id, a.name, b.name


def _same_code(a: Side, b: Side) -> bool:
    """Whether two options are one side under two names."""
    return all(
        getattr(a, field) == getattr(b, field)
        for field in ("sha256", "framework", "backend", "version", "packages", "model", "track", "device")
    )


def _timed_apart(evidence: Evidence, kind: Kind, a: Side, b: Side) -> bool | None:
    """What the timing's own comparison of these two says; None if it has none."""
    for ratio in evidence.timings.ratios if evidence.timings and kind.quantity else ():
        if (
            ratio.quantity == kind.quantity
            and {ratio.a, ratio.b} == {a.name, b.name}
            and a.track == b.track == ratio.track
        ):
            return ratio.verdict not in ("tie", "withheld")
    return None


def _utilities(weighed: Sequence[Weighed], at: int) -> dict[str, float]:
    return {one.kind.id: one.kind.scale.utility(one.values[at].mid) for one in weighed}


def _rank(
    options: Sequence[Side],
    weighed: Sequence[Weighed],
    standing: Standing,
    ties: frozenset[tuple[str, str, str]],
    *,
    seed: int,
    draws: int,
) -> tuple[Ranked, ...]:
    """Options by score from the highest down; their scores are of their own values alone."""
    if not options or not weighed:
        return tuple(_unweighed(side, len(options)) for side in options)
    from paragone.choose.draws import Contest, draw

    contest = Contest(
        options=[side.name for side in options],
        weights=standing.weights,
        scales={one.kind.id: one.kind.scale for one in weighed},
        estimates={one.kind.id: one.estimates() for one in weighed},
        tied=ties,
    )
    drawn = draw(contest, seed, draws)
    ranked = {}
    for name, (low, high), p_best in zip(contest.options, drawn.scores, drawn.p_best, strict=True):
        mid = standing.score(name)
        ranked[name] = Ranked(side=name, score=Interval(mid=mid, low=min(low, mid), high=max(high, mid)), p_best=p_best)
    return tuple(ranked[name] for name in standing.order())


def _unweighed(side: Side, options: int) -> Ranked:
    return Ranked(side=side.name, score=Interval(mid=0.0, low=0.0, high=1.0), p_best=1 / options)


def _winner(ranking: Sequence[Ranked], covered: float) -> str | None:
    """The first by score if it is robust; the only one left needs no comparison."""
    robust = len(ranking) == 1 or (len(ranking) > 1 and ranking[0].p_best >= ROBUST and covered >= EVIDENCE_NEEDED)
    return ranking[0].side if robust else None


def _criterion(one: Weighed, options: Sequence[Side]) -> Criterion:
    kind = one.kind
    return Criterion(
        id=kind.id,
        label=kind.label,
        unit=kind.scale.unit,
        weight=one.weight,
        worst=kind.scale.worst,
        best=kind.scale.best,
        evidence=kind.evidence,
        values=tuple(
            CriterionValue(side=side.name, value=value, utility=_utility(one, value))
            for side, value in zip(options, one.values, strict=True)
        ),
    )


def _utility(one: Weighed, value: Interval) -> Interval:
    ends = sorted(one.kind.scale.utility(end) for end in (value.low, value.high))
    mid = one.kind.scale.utility(value.mid)
    return Interval(mid=mid, low=min(ends[0], mid), high=max(ends[1], mid), level=value.level, n=value.n)
