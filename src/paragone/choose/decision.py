"""From evidence to a choice: hard constraints, then weighed criteria, then how sure the first place is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from paragone.choose import explain
from paragone.choose.candidates import Candidate, about, run_evidence, sides_of
from paragone.choose.constraints import decide_constraints
from paragone.choose.criteria import criteria
from paragone.choose.criteria.base import THIS_RUN
from paragone.choose.flips import Rivals
from paragone.choose.order import centre, drawn, stream
from paragone.choose.pairs import Pair, pairs_of
from paragone.choose.profile import EVIDENCE_NEEDED, ROBUST, Profile, named
from paragone.choose.sources import made_on, sources_of
from paragone.choose.weighed import Weighed, criterion_of, weigh
from paragone.records import Choice, Constraint, Duel, Interval, Option, Ranked, Run
from paragone.records.choice import ChoiceVerdict

if TYPE_CHECKING:
    from paragone.choose.method import Numbers, Standing

DRAWS = 10_000


@dataclass(frozen=True)
class Drawn:
    """The draws: weights of the criteria that count and noise, each (draws, criteria)."""

    weights: Numbers
    noise: Numbers


def choose(run: Run, profile: str) -> Choice:
    """Recommend a side of a run for a profile on the evidence of this run, or say that there is no robust winner.

    Args:
        run: its record, as far as it is made.
        profile: a name, or the path of a TOML file.

    Raises:
        InputError: there is no such profile, or it cannot be used.
    """
    return decide(sides_of(run_evidence(run, THIS_RUN, own=True), run.sides), named(profile), run.task.seed)


def decide(candidates: Sequence[Candidate], profile: Profile, seed: int = 0, draws: int = DRAWS) -> Choice:
    """`choose` among any candidates, for a profile that was made or read.

    Args:
        candidates: what can be chosen; the order does not matter to the result.
        profile: what is needed.
        seed: of the draws.
        draws: how many.
    """
    told = _judged(about(candidates, profile.targets), profile, seed, draws)
    return Choice(
        profile=profile.name,
        description=profile.description,
        verdict=_verdict(told),
        winner=told.winners[0] if len(told.winners) == 1 else None,
        winners=tuple(told.winners),
        constraints=tuple(told.constraints),
        criteria=tuple(criterion_of(one, told.compared) for one in told.weighed),
        ranking=tuple(told.ranking),
        because=tuple(explain.because(told)),
        flips=tuple(explain.flips(told)),
        best_case=tuple(explain.best_case(told)),
        not_weighed=(*told.left_out, *explain.never_weighed(profile)),
        made=made_on(told.every),
        options=tuple(_option(one, told.constraints, told.compared) for one in told.every),
        duels=tuple(_duels(told.compared, told.pairs, told.standing)),
        weighing=profile.weighing,
        sources=tuple(sources_of(told.every)),
        seed=seed,
        draws=draws,
    )


def _judged(every: Sequence[Candidate], profile: Profile, seed: int, draws: int) -> explain.Told:
    """All that is found out, for the record and its sentences."""
    constraints = decide_constraints(profile.constraints, every)
    failed = {constraint.side for constraint in constraints if not constraint.met}
    left = [one for one in every if one.name not in failed]
    names, weights = drawn(profile.weighing, seed, draws)
    means = centre(profile.weighing, names, weights)
    compared, covered = _compared(left, profile, means)
    weighed, left_out = weigh(compared, profile, means)
    pairs = pairs_of(compared, [one.kind for one in weighed], {one.kind.id: one.values for one in weighed})
    places = [names.index(one.kind.id) for one in weighed]
    noise = stream(seed, "noise").standard_normal((draws, len(names)))
    made = Drawn(weights[:, places], noise[:, places])
    standing = _stand(pairs, weighed, made, len(compared))
    ranking = _rank(compared, weighed, made, standing, covered)
    winners = _winners(compared, left, standing, ranking)
    rivals = _rivals(compared, weighed, pairs, ranking, winners)
    return explain.Told(
        every, compared, constraints, weighed, left_out, pairs, standing, ranking, winners, rivals, made
    )


def _verdict(told: explain.Told) -> ChoiceVerdict:
    out = {constraint.side for constraint in told.constraints if not constraint.met}
    if len(out) == len(told.every):
        return "nothing to choose"
    return "winner" if told.winners else "no robust winner"


def _compared(
    left: Sequence[Candidate], profile: Profile, means: Mapping[str, float]
) -> tuple[list[Candidate], dict[str, float]]:
    """Those with evidence for enough of the weight, or all where nobody has; and for how much each has it."""
    kinds = criteria()
    covered = {
        one.name: min(1.0, sum(means[name] for name in profile.criteria if one.values(kinds[name]))) for one in left
    }
    enough = [one for one in left if covered[one.name] >= EVIDENCE_NEEDED - 1e-9]
    return (enough or list(left)), covered


def _stand(pairs: Sequence[Pair], weighed: Sequence[Weighed], made: Drawn, options: int) -> Standing:
    import numpy as np

    from paragone.choose.method import Pairs, stand

    ids = [one.kind.id for one in weighed]

    def table(field: str) -> Numbers:
        rows = [[getattr(pair.gaps[id_], field) for id_ in ids] for pair in pairs]
        return np.array(rows, dtype=float).reshape(len(pairs), len(ids))

    ends = np.array([(pair.a, pair.b) for pair in pairs], dtype=np.int64).reshape(len(pairs), 2)
    level = np.array([pair.level for pair in pairs], dtype=bool)
    return stand(Pairs(ends, table("low"), table("high"), table("spread"), level), options, made.weights, made.noise)


def _rank(
    compared: Sequence[Candidate],
    weighed: Sequence[Weighed],
    made: Drawn,
    standing: Standing,
    covered: Mapping[str, float],
) -> tuple[Ranked, ...]:
    """Options by score from the highest down; a score is of the option's own values alone."""
    scores = _scores(compared, weighed, made)
    ranked = [
        Ranked(side=one.name, score=scores[at], p_best=float(standing.first[at]), covered=covered[one.name])
        for at, one in enumerate(compared)
    ]
    return tuple(sorted(ranked, key=lambda one: (-one.score.mid, one.side)))


def _scores(compared: Sequence[Candidate], weighed: Sequence[Weighed], made: Drawn) -> list[Interval]:
    """The weighted mean of what is known of each option, with its interval over weights and values."""
    import numpy as np

    if not weighed or not compared:
        return [Interval(mid=0.0, low=0.0, high=1.0) for _ in compared]
    every = range(len(compared))
    utilities = np.array([[one.utility(at) for one in weighed] for at in every], dtype=float)
    spreads = np.array([[one.spread(at) for one in weighed] for at in every])
    known = np.logical_not(np.isnan(utilities))
    shares = np.where(known, [one.weight for one in weighed], 0.0)
    utilities = np.nan_to_num(utilities)
    mids = (shares * utilities).sum(axis=1) / np.maximum(shares.sum(axis=1), np.finfo(float).tiny)
    values = np.clip(utilities[:, None] + spreads[:, None] * made.noise, 0.0, 1.0)
    weights = made.weights * known[:, None]
    drawn_scores = (weights * values).sum(axis=2) / np.maximum(weights.sum(axis=2), np.finfo(float).tiny)
    lows, highs = np.quantile(drawn_scores, (0.025, 0.975), axis=1)
    ends = zip(mids.tolist(), lows.tolist(), highs.tolist(), strict=True)
    return [Interval(mid=mid, low=min(low, mid), high=max(high, mid)) for mid, low, high in ends]


def _winners(
    compared: Sequence[Candidate], left: Sequence[Candidate], standing: Standing, ranking: Sequence[Ranked]
) -> tuple[str, ...]:
    """The class that is first in enough of the draws, with evidence for enough of the weight; or the only one left."""
    from paragone.choose.method import class_of_winners

    if len(left) == 1:
        return (left[0].name,)
    found = {compared[at].name for at in class_of_winners(standing, ROBUST)}
    return tuple(one.side for one in ranking if one.side in found and one.covered >= EVIDENCE_NEEDED - 1e-9)


def _rivals(
    compared: Sequence[Candidate],
    weighed: Sequence[Weighed],
    pairs: Sequence[Pair],
    ranking: Sequence[Ranked],
    winners: Sequence[str],
) -> Rivals | None:
    """The first option against all that are told apart from it."""
    if len(compared) < 2 or not weighed:
        return None
    first = winners[0] if winners else max(ranking, key=lambda one: one.p_best).side
    names = [one.name for one in compared]
    leads: dict[str, dict[str, float]] = {}
    for pair in pairs:
        if first in (names[pair.a], names[pair.b]) and not pair.level:
            other, sign = (names[pair.b], 1.0) if names[pair.a] == first else (names[pair.a], -1.0)
            known = {id_: gap for id_, gap in pair.gaps.items() if gap.low == gap.high}
            leads[other] = {id_: sign * gap.low for id_, gap in known.items()}
    utilities = {
        name: {one.kind.id: utility for one in weighed if (utility := one.utility(at)) is not None}
        for at, name in enumerate(names)
    }
    return Rivals(first, {one.kind.id: one.weight for one in weighed}, utilities, leads)


def _option(one: Candidate, constraints: Sequence[Constraint], compared: Sequence[Candidate]) -> Option:
    unmet = [constraint for constraint in constraints if constraint.side == one.name and not constraint.met]
    inside = one.name in {other.name for other in compared}
    why = "; ".join(f"{constraint.text}: {constraint.evidence}" for constraint in unmet)
    return Option(
        name=one.name,
        title=one.title,
        framework=one.framework,
        backend=one.backend,
        versions=tuple(dict.fromkeys(found.side.version for found in one.found)),
        status="compared" if inside else "no evidence" if not one.found or not unmet else "out",
        why=why or ("" if inside else "no evidence for half of the profile's weight"),
        runs=tuple(found.evidence.id for found in one.found),
    )


def _duels(compared: Sequence[Candidate], pairs: Sequence[Pair], standing: Standing) -> list[Duel]:
    return [
        Duel(
            a=compared[pair.a].name,
            b=compared[pair.b].name,
            a_ahead=float(standing.ahead[at, 0]),
            b_ahead=float(standing.ahead[at, 1]),
            level=pair.level,
            gaps=tuple(pair.gaps.values()),
        )
        for at, pair in enumerate(pairs)
    ]
