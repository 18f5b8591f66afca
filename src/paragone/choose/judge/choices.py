"""Findings from choices: what a run's own choice recommends for a profile."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from paragone.choose.evidence import Evidence
from paragone.choose.judge.pairs import TITLES, Seen, asked, versions, where
from paragone.records import Choice, Side
from paragone.records.claim import Answer, Finding


def chosen(evidence: Evidence, framework: str, *profiles: str) -> tuple[Finding, ...]:
    """A finding for each run whose choice was made for one of these profiles: for, where the framework wins."""
    return asked(evidence, partial(_chosen, framework=framework, profiles=profiles))


def _chosen(one: Seen, framework: str, profiles: tuple[str, ...]) -> Iterator[Finding]:
    choice = one.run.choice
    if choice is None or choice.profile not in profiles or choice.verdict == "nothing to choose":
        return
    winner = next((side for side in one.run.sides if choice.winner in (side.name, side.framework)), None)
    yield Finding(
        asks=f"what is chosen for the profile {choice.profile}",
        answer=_answer(choice, winner, framework),
        text=f"for the profile {choice.profile} {_said(choice, winner)} {where(one)}",
        evidence=(one.id,),
        section="choice",
        rests_on=versions(*one.run.sides),
    )


def _answer(choice: Choice, winner: Side | None, framework: str) -> Answer:
    if choice.verdict != "winner" or winner is None:
        return "open"
    return "for" if winner.backend == framework else "against"


def _said(choice: Choice, winner: Side | None) -> str:
    if choice.verdict != "winner":
        return "no side wins robustly"
    return f"the side in {TITLES.get(winner.framework, winner.framework)} wins" if winner else "another side wins"
