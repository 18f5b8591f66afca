"""A choice in plain sentences, each with its figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from paragone.choose.candidates import Candidate
from paragone.choose.criteria import criteria
from paragone.choose.flips import Rivals, value_flip, weight_flip
from paragone.choose.profile import EVIDENCE_NEEDED, ROBUST, Profile
from paragone.choose.wording import either, figure, listed, often, spread, three_digits
from paragone.records import Constraint, Ranked

if TYPE_CHECKING:
    from paragone.choose.decision import Drawn
    from paragone.choose.method import Standing
    from paragone.choose.pairs import Pair
    from paragone.choose.weighed import Weighed

_DEPLOYMENT = "Deployment: the profile names nothing of it, so what arrives on a phone or a server is not weighed."
NEVER_WEIGHED = (
    "Ecosystem: libraries, pretrained models, hiring and support are not measured by a run.",
    "The team's knowledge: what your people already know may outweigh everything above.",
    "Distributed training: every run here used one process on one machine.",
)


@dataclass(frozen=True)
class Told:
    """All that the sentences are made from."""

    every: Sequence[Candidate]
    compared: Sequence[Candidate]
    constraints: Sequence[Constraint]
    weighed: Sequence[Weighed]
    left_out: Sequence[str]
    pairs: Sequence[Pair]
    standing: Standing
    ranking: Sequence[Ranked]
    winners: Sequence[str]
    rivals: Rivals | None
    drawn: Drawn

    @property
    def names(self) -> list[str]:
        """Of all that are compared."""
        return [one.name for one in self.compared]


def never_weighed(profile: Profile) -> tuple[str, ...]:
    """What no run here has evidence for, or the profile does not ask for."""
    deployed = {"latency", "tail-latency", "targets-reached", "int8-accuracy-lost"}
    asked = any(name in deployed or name.startswith("artifact-") for name in profile.criteria)
    return NEVER_WEIGHED if asked else (_DEPLOYMENT, *NEVER_WEIGHED)


def because(told: Told) -> Iterator[str]:
    """Why the choice is what it is: how sure the first place is, who dropped out, and the figures behind it."""
    yield from _first_place(told)
    yield from _out(told)
    for one in told.weighed:
        found = [(name, one.value(at)) for at, name in enumerate(told.names)]
        figures = ", ".join(
            f"{name} {spread(value, one.kind.scale.unit) if value else 'unknown'}" for name, value in found
        )
        yield f"{one.kind.label} weighs {often(one.weight)}: {figures}{_tied(told, one.kind.id)}."
    yield from _unproven(told)


def _out(told: Told) -> Iterator[str]:
    """Who is out, and why: all that nobody ran in one sentence."""
    nobody = [one.name for one in told.every if not one.found]
    if nobody:
        yield f"No run has {either(nobody)}: nothing is said of {'it' if len(nobody) == 1 else 'them'}."
    for constraint in told.constraints:
        if not constraint.met and constraint.side not in nobody:
            yield f"{constraint.side} is out. Required: {constraint.text}. Found: {constraint.evidence}."
    out = {constraint.side for constraint in told.constraints if not constraint.met}
    for one in told.every:
        if one.name not in out and one.name not in told.names:
            yield f"{one.name} is not compared: there is no evidence for half of the profile's weight."
    if len(out) == len(told.every):
        yield from _between_them(told.constraints, nobody)


def _between_them(constraints: Sequence[Constraint], nobody: Sequence[str]) -> Iterator[str]:
    """Two constraints that no option meets together, although each is met by somebody."""
    texts = dict.fromkeys(one.text for one in constraints)
    met = {text: {one.side for one in constraints if one.text == text and one.met} - set(nobody) for text in texts}
    for a, b in combinations(texts, 2):
        if met[a] and met[b] and not met[a] & met[b]:
            yield f"Each of these is met by somebody, and both by nobody: {a}; {b}."
            return


def _first_place(told: Told) -> Iterator[str]:
    left = {one.name for one in told.every} - {one.side for one in told.constraints if not one.met}
    if not left:
        yield "No option is left that is shown to meet every hard constraint, so there is nothing to choose."
    elif len(left) == 1:
        yield f"Only {left.pop()} is left after the hard constraints; it was compared with nothing."
    elif not told.weighed:
        yield "There is no evidence on any criterion of the profile, so nobody is better than another."
    else:
        yield from _sure(told)


def _sure(told: Told) -> Iterator[str]:
    first = max(told.ranking, key=lambda one: (one.side in told.winners, one.p_best))
    level = all(one.p_best >= ROBUST for one in told.ranking) and len(told.ranking) > 1
    rule = f"over weights and measured values; a winner needs {often(ROBUST)}."
    if len(told.winners) > 1:
        least = min(one.p_best for one in told.ranking if one.side in told.winners)
        yield (
            f"The evidence does not tell {listed(told.winners)} apart: each is first, alone or with its class, "
            f"in at least {often(least)} of the draws {rule}"
        )
        return
    if level and not told.winners:
        yield f"The evidence does not tell {listed(sorted(told.names))} apart, so none is recommended over another."
        return
    highest = "has the highest score and is" if first.side == told.ranking[0].side else "is"
    yield f"{first.side} {highest} first in {often(first.p_best)} of the draws {rule}"
    if first.side != told.ranking[0].side:
        highest = told.ranking[0].side
        yield f"{highest} has the highest score, at the centre of the weights and with what is not told apart."
    if told.winners:
        return
    if all(one.covered < EVIDENCE_NEEDED for one in told.ranking):
        most = max(one.covered for one in told.ranking)
        yield f"There is evidence for {often(most)} of the profile's weight only, too little for a winner."
    else:
        others = [f"{one.side} in {often(one.p_best)}" for one in told.ranking if one is not first and one.p_best]
        if others:
            yield f"It depends on the weights: the first of the other draws are {listed(others)}."
        if told.standing.nobody:
            yield f"In {often(told.standing.nobody)} of the draws everybody is beaten by somebody, and nobody is first."


def _tied(told: Told, criterion: str) -> str:
    names = told.names
    tied = [pair for pair in told.pairs if pair.gaps[criterion].state == "tied"]
    pairs = [listed(sorted((names[pair.a], names[pair.b]))) for pair in tied]
    if len(names) > 2 and len(pairs) == len(told.pairs):
        return " (none told apart)"
    return f" (not told apart: {'; '.join(sorted(pairs))})" if pairs else ""


def _unproven(told: Told) -> Iterator[str]:
    """Runs whose sides are not shown to be the same task."""
    runs: dict[str, dict[str, None]] = {}
    for found in (found for one in told.compared for found in one.found):
        if found.evidence.proof is not None and found.evidence.proof.verdict != "same":
            runs.setdefault(found.evidence.proof.verdict, {})[found.evidence.id] = None
    for verdict, ids in runs.items():
        yield (
            f"The proof's verdict on the sides of {listed(ids)}, as written, is `{verdict}`: "
            "they are chosen between as they stand, and may not be the same task."
        )


def flips(told: Told) -> Iterator[str]:
    """The smallest change of one weight, and of one value, that would bring another option level with the first."""
    rivals = told.rivals
    if rivals is None or not rivals.leads:
        return
    equal = [other for other in rivals.leads if abs(rivals.lead(other)) < 1e-12]
    if equal:
        yield f"{listed((rivals.first, *equal))} share the first place: any change puts one of them first."
        return
    yield _weight(rivals)
    yield _value(told, rivals)


def _weight(rivals: Rivals) -> str:
    flip = weight_flip(rivals)
    if flip is None:
        return "No change of one weight alone makes another the first."
    label, now = criteria()[flip.criterion].label, rivals.weights[flip.criterion]
    beyond = "above" if flip.weight > now else "below"
    return (
        f"If {label.lower()} weighed {beyond} {often(flip.weight)} in place of {often(now)}, "
        f"the others keeping their proportions, {flip.other} would be ahead of {rivals.first}."
    )


def _value(told: Told, rivals: Rivals) -> str:
    scales = {one.kind.id: one.kind.scale for one in told.weighed}
    values = {
        name: {one.kind.id: value.mid for one in told.weighed if (value := one.value(at)) is not None}
        for at, name in enumerate(told.names)
    }
    flip = value_flip(rivals, scales, values)
    if flip is None:
        return "No change of one value alone makes another the first."
    now, unit = values[flip.option][flip.criterion], scales[flip.criterion].unit
    beyond = "above" if flip.value > now else "below"
    return (
        f"If the {criteria()[flip.criterion].label.lower()} of {flip.option} were {beyond} {figure(flip.value, unit)} "
        f"in place of {figure(now, unit)}, {flip.other} would be ahead of {rivals.first}."
    )


def best_case(told: Told) -> Iterator[str]:
    """How the runner-up does where it does best: the one draw of weights and values that is kindest to it."""
    rivals = told.rivals
    if rivals is None:
        return
    names, others = told.names, [one for one in told.ranking if one.side in rivals.leads]
    if not others or not told.weighed:
        return
    runner = max(others, key=lambda one: (one.p_best, one.score.mid)).side
    at, place = next(
        (at, (names[pair.a], names[pair.b]).index(runner))
        for at, pair in enumerate(told.pairs)
        if {names[pair.a], names[pair.b]} == {runner, rivals.first}
    )
    lead = (told.standing.counter if place else told.standing.leads)[at]
    kindest = int(lead.argmax())
    weights = told.drawn.weights[kindest] / told.drawn.weights[kindest].sum()
    heaviest = sorted(range(len(weights)), key=lambda one: -weights[one])[:2]
    case = listed(f"{told.weighed[one].kind.label.lower()} weighs {often(float(weights[one]))}" for one in heaviest)
    ahead = float((lead > 0).mean())
    size = three_digits(abs(float(lead[kindest])))
    yield f"The runner-up, {runner}, is ahead of {rivals.first} in {often(ahead)} of the draws."
    if lead[kindest] > 0:
        yield f"At its best, where {case}, it leads by {size} in score."
    else:
        yield f"Even at its best, where {case}, it stays {size} behind in score."
