"""Sheets of the choice: one for each criterion, one for the ranking."""

from __future__ import annotations

from paragone.records import Choice, Criterion, Run
from paragone.report.figures import exact
from paragone.report.samples.base import Sheet, Table, key

RANKING = key("ranking")
CONSTRAINTS = key("constraints")


def criterion_key(criterion: str) -> str:
    """The sheet of one criterion."""
    return key("criterion", criterion)


def choice_sheets(run: Run) -> tuple[Sheet, ...]:
    """Everything that was weighed."""
    if run.choice is None:
        return ()
    return (_constraints(run.choice), _ranking(run.choice), *map(_criterion, run.choice.criteria))


def _constraints(choice: Choice) -> Sheet:
    rows = tuple((one.text, one.side, "met" if one.met else "not met", one.evidence) for one in choice.constraints)
    return Sheet(CONSTRAINTS, "Hard constraints", (Table(("constraint", "side", "verdict", "evidence"), rows),))


def _ranking(choice: Choice) -> Sheet:
    rows = tuple(
        (one.side, exact(one.score.mid), exact(one.score.low), exact(one.score.high), exact(one.p_best))
        for one in choice.ranking
    )
    weights = tuple((one.label, exact(one.weight)) for one in choice.criteria)
    tables = (
        Table(("side", "score", "low", "high", "share of draws it wins"), rows),
        Table(("criterion", "weight"), weights),
    )
    return Sheet(RANKING, "The ranking", tables, "A score is the weighted sum of the utilities of the criteria.")


def _criterion(criterion: Criterion) -> Sheet:
    rows = tuple(
        (
            one.side,
            *map(exact, (one.value.mid, one.value.low, one.value.high)),
            *map(exact, (one.utility.mid, one.utility.low, one.utility.high)),
        )
        for one in criterion.values
    )
    columns = ("side", "value", "low", "high", "utility", "low", "high")
    note = f"Its scale: {exact(criterion.worst)} is worth 0, {exact(criterion.best)} is worth 1. {criterion.evidence}"
    return Sheet(criterion_key(criterion.id), f"{criterion.label} ({criterion.unit})", (Table(columns, rows),), note)
