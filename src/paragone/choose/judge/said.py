"""Findings from dated facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from paragone.choose.evidence import Evidence
from paragone.records import Fact
from paragone.records.claim import Answer, Finding

Value = bool | int | float | str
AGES = timedelta(days=5 * 365)
"""A fact that is older than this is no picture of today: alone it makes no claim hold."""


def yes(value: Value) -> bool:
    """That it is so."""
    return value is True


def no(value: Value) -> bool:
    """That it is not so."""
    return value is False


def said(
    evidence: Evidence,
    id_: str,
    supports: Callable[[Value], bool],
    *,
    once: bool = False,
    beside: bool = False,
) -> tuple[Finding, ...]:
    """What a fact says of a claim; nothing where there is no such fact.

    Args:
        evidence: with the facts.
        id_: of the fact.
        supports: whether a value of it is for the claim; any other is against it.
        once: a value against the claim is so only since a while; before, the claim had this on its side.
        beside: it is told and decides nothing.
    """
    fact = evidence.facts.get(id_)
    if fact is None:
        return ()
    answer: Answer = "for" if supports(fact.value) else "against"
    finding = Finding(
        asks=f"{id_} ({fact.unit})",
        answer="beside" if beside else answer,
        text=fact.says.removesuffix("."),
        evidence=(id_,),
        proxy=answer == "for" and (fact.says_who == "vendor" or evidence.today - fact.date > AGES),
        once=once and answer == "against",
        rests_on=fact.rests_on,
    )
    return (finding,)


def beside(evidence: Evidence, *ids: str) -> tuple[Finding, ...]:
    """Facts that are told beside the rest."""
    return tuple(finding for id_ in ids for finding in said(evidence, id_, yes, beside=True))


def due(fact: Fact, evidence: Evidence) -> bool:
    """Whether it is to be looked at again by now."""
    return evidence.today >= fact.look_again
