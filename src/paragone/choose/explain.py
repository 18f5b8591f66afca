"""A choice in plain sentences, each with its figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from paragone.choose.criteria import Evidence, criteria
from paragone.choose.flips import Standing, level, value_flip, weight_flip
from paragone.choose.profile import EVIDENCE_NEEDED, ROBUST
from paragone.choose.wording import figure, listed, often, spread
from paragone.records import Constraint, Ranked, Side

if TYPE_CHECKING:
    from paragone.choose.decision import Weighed

NEVER_WEIGHED = (
    "Deployment: this run shipped nothing to a phone, a server or a browser.",
    "Ecosystem: libraries, pretrained models, hiring and support are not measured by a run.",
    "The team's knowledge: what your people already know may outweigh everything above.",
    "Distributed training: this run used one process on one machine.",
)


@dataclass(frozen=True)
class Told:
    """All that the sentences are made from."""

    evidence: Evidence
    options: Sequence[Side]
    constraints: Sequence[Constraint]
    weighed: Sequence[Weighed]
    ties: frozenset[tuple[str, str, str]]
    standing: Standing
    ranking: Sequence[Ranked]
    winner: str | None
    covered: float


def because(told: Told) -> Iterator[str]:
    """Why the choice is what it is: who dropped out, how sure the first place is, and the figures behind it."""
    for constraint in told.constraints:
        if not constraint.met:
            yield f"{constraint.side} is out. Required: {constraint.text}. Found: {constraint.evidence}."
    if not told.options:
        yield "No side is left that is shown to meet every hard constraint, so there is nothing to choose."
    elif len(told.options) == 1:
        yield f"Only {told.options[0].name} is left after the hard constraints; it was compared with nothing."
    else:
        yield from _first_place(told)
    for one in told.weighed:
        values = zip(told.options, one.values, strict=True)
        figures = ", ".join(f"{side.name} {spread(value, one.kind.scale.unit)}" for side, value in values)
        yield f"{one.kind.label} weighs {often(one.weight)}: {figures}{_tied(told, one.kind.id)}."
    if told.evidence.proof is not None and told.evidence.proof.verdict != "same":
        yield (
            f"The proof's verdict on the sides as written is `{told.evidence.proof.verdict}`: "
            "they are chosen between as they stand, and may not be the same task."
        )


def _first_place(told: Told) -> Iterator[str]:
    if not told.weighed:
        yield "This run has no evidence on any criterion of the profile, so no side is better than another."
        return
    first = told.ranking[0]
    yield (
        f"{first.side} has the highest score and is first in {often(first.p_best)} of the draws "
        f"over weights and measured values; a winner needs {often(ROBUST)}."
    )
    if told.covered < EVIDENCE_NEEDED:
        yield f"This run has evidence for {often(told.covered)} of the profile's weight only, too little for a winner."
    if told.winner or first.p_best >= ROBUST:
        return
    likely = sorted(told.ranking, key=lambda ranked: -ranked.p_best)
    together = next(likely[:count] for count in range(1, len(likely) + 1) if _sum(likely[:count]) >= ROBUST)
    if len(together) == 1:
        yield f"{together[0].side} is first in {often(together[0].p_best)} of them, but its score is not the highest."
    elif len(together) < len(likely):
        yield f"Together {listed(one.side for one in together)} are first in {often(_sum(together))} of them."


def _sum(ranked: Sequence[Ranked]) -> float:
    return sum(one.p_best for one in ranked)


def _tied(told: Told, criterion: str) -> str:
    pairs = [listed((a, b)) for name, a, b in sorted(told.ties) if name == criterion]
    if len(told.options) > 2 and len(pairs) == len(told.options) * (len(told.options) - 1) // 2:
        return " (none told apart)"
    return f" (not told apart: {'; '.join(pairs)})" if pairs else ""


def flips(told: Told) -> Iterator[str]:
    """The smallest change of one weight, and of one value, that would make another side the first."""
    if len(told.options) < 2 or not told.weighed:
        return
    equal = level(told.standing)
    if len(equal) > 1:
        yield f"{listed(equal)} share the highest score: any change puts one of them first."
        return
    yield _weight(told)
    yield _value(told)


def _weight(told: Told) -> str:
    flip = weight_flip(told.standing)
    if flip is None:
        return "No change of one weight alone makes another side the first."
    label, now = criteria()[flip.criterion].label, told.standing.weights[flip.criterion]
    beyond = "above" if flip.weight > now else "below"
    return (
        f"If {label.lower()} weighed {beyond} {often(flip.weight)} in place of {often(now)}, "
        f"the others keeping their proportions, {flip.other} would be first."
    )


def _value(told: Told) -> str:
    scales = {one.kind.id: one.kind.scale for one in told.weighed}
    names = [side.name for side in told.options]
    by_criterion = {
        one.kind.id: dict(zip(names, [value.mid for value in one.values], strict=True)) for one in told.weighed
    }
    values = {name: {criterion: by_criterion[criterion][name] for criterion in by_criterion} for name in names}
    flip = value_flip(told.standing, scales, values)
    if flip is None:
        return "No change of one value alone makes another side the first."
    now, unit = values[flip.side][flip.criterion], scales[flip.criterion].unit
    beyond = "above" if flip.value > now else "below"
    return (
        f"If the {criteria()[flip.criterion].label.lower()} of {flip.side} were {beyond} {figure(flip.value, unit)} "
        f"in place of {figure(now, unit)}, {flip.other} would be first."
    )
