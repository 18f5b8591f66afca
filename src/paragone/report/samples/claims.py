"""Sheets of the claims: what each finding says, where every number comes from, and what the evidence is."""

from __future__ import annotations

from paragone.records import Run
from paragone.records.claim import Claim, ClaimEffect, Printed
from paragone.report.figures import exact
from paragone.report.samples.base import Sheet, Table, key


def claim_key(claim: str) -> str:
    """The sheet of one claim."""
    return key("claim", claim)


def claim_sheets(run: Run) -> tuple[Sheet, ...]:
    """A sheet for each claim of the ledger."""
    return tuple(map(_sheet, run.claims))


def _sheet(claim: Claim) -> Sheet:
    findings = tuple((one.asks, one.answer, one.text, ", ".join(one.evidence)) for one in claim.findings)
    evidence = tuple(
        (one.id, one.title, one.source or "–", str(one.date), one.says_who or "–", str(one.look_again or "–"))
        for one in claim.evidence
    )
    numbers = tuple(_number(one) for finding in claim.findings for one in finding.printed)
    tables = [Table(("question", "says", "found", "evidence"), findings)] if findings else []
    tables += [_effect(claim.effect)] if claim.effect else []
    tables += [Table(("number", "from", "computed as", "where it stands"), numbers)] if numbers else []
    columns = ("evidence", "what it is", "source", "date", "who says so", "look again")
    tables += [Table(columns, evidence)] if evidence else []
    return Sheet(claim_key(claim.id), f"The claim {claim.id}", tuple(tables), f"What decides: {claim.decides}.")


def _effect(effect: ClaimEffect) -> Table:
    row = (effect.what, *map(exact, (effect.value.mid, effect.value.low, effect.value.high)))
    return Table(("effect", "value", "low", "high"), (row,))


def _number(one: Printed) -> tuple[str, str, str, str]:
    scale = f" × {exact(one.scale)}" if one.scale != 1 else ""
    places = ", ".join(one.places[:4]) + (f" and {len(one.places) - 4} more" if len(one.places) > 4 else "")
    return one.text, one.evidence, f"{one.how}{scale}", places or "none"
