"""The choice: what was required, what was weighed, who leads, and what would change that."""

from __future__ import annotations

from dataclasses import dataclass

from paragone.records import Choice, Constraint, Criterion, CriterionValue, Run
from paragone.report.charts import Chart
from paragone.report.charts.rows import Row, interval_rows
from paragone.report.figures import number, percent, range_of, with_unit
from paragone.report.phrases import Figure, Phrase, capitalised, linked
from paragone.report.samples.choice import CONSTRAINTS, RANKING, criterion_key
from paragone.report.sections.choice_live import LiveView, live_view
from paragone.report.verdicts import chosen
from paragone.report.views import TableView, cell, places


@dataclass(frozen=True)
class CriterionView:
    """One criterion with the value and the utility of each side."""

    label: str
    weight: Phrase
    scale: Phrase
    evidence: Phrase
    table: TableView


@dataclass(frozen=True)
class ChoiceView:
    """The section."""

    verdict: str = ""
    profile: str = ""
    description: str = ""
    because: tuple[Phrase, ...] = ()
    flips: tuple[Phrase, ...] = ()
    not_weighed: tuple[str, ...] = ()
    constraints: TableView | None = None
    criteria: tuple[CriterionView, ...] = ()
    ranking: Chart | None = None
    ranking_table: TableView | None = None
    absent: str = ""
    live: LiveView | None = None


def choice_view(run: Run) -> ChoiceView:
    """The recommendation with all that led to it."""
    choice = run.choice
    if choice is None:
        return ChoiceView(absent="The choice was not run.")
    return ChoiceView(
        verdict=chosen(choice),
        profile=choice.profile,
        description=choice.description.rstrip("."),
        because=tuple(linked(text, RANKING) for text in choice.because),
        flips=tuple(linked(text, RANKING) for text in (*choice.flips, *choice.best_case)),
        not_weighed=choice.not_weighed,
        constraints=_constraints(choice),
        criteria=tuple(map(_criterion, choice.criteria)),
        ranking=_ranking_chart(choice, places(run)),
        ranking_table=_ranking_table(choice),
        live=live_view(choice),
    )


def _constraints(choice: Choice) -> TableView | None:
    if not choice.constraints:
        return None
    rows = tuple(map(_constraint, choice.constraints))
    return TableView("Hard constraints", ("constraint", "side", "verdict", "evidence"), rows)


def _constraint(one: Constraint) -> tuple[Phrase, ...]:
    verdict = "✓ met" if one.met else "✗ not met"
    return linked(one.text, CONSTRAINTS), cell(one.side), cell(verdict), linked(one.evidence, CONSTRAINTS)


def _criterion(criterion: Criterion) -> CriterionView:
    sheet = criterion_key(criterion.id)
    worst, best = (with_unit(end, criterion.unit) for end in (criterion.worst, criterion.best))
    rows = tuple(_values(one, criterion.unit, sheet) for one in criterion.values)
    return CriterionView(
        label=criterion.label,
        weight=(Figure(percent(criterion.weight), RANKING),),
        scale=(Figure(worst, sheet), " is worth 0, ", Figure(best, sheet), " is worth 1"),
        evidence=linked(capitalised(criterion.evidence), sheet),
        table=TableView(criterion.label, ("side", "value", "interval", "utility", "interval"), rows),
    )


def _values(one: CriterionValue, unit: str, sheet: str) -> tuple[Phrase, ...]:
    return (
        cell(one.side),
        cell(with_unit(one.value.mid, unit), sheet),
        cell(range_of(one.value, unit), sheet),
        cell(number(one.utility.mid), sheet),
        cell(range_of(one.utility, ""), sheet),
    )


def _ranking_chart(choice: Choice, order: dict[str, int]) -> Chart | None:
    rows = [
        Row(one.side, one.score.mid, one.score.low, one.score.high, series=order.get(one.side, 0))
        for one in choice.ranking
    ]
    title = "Score of each side with its interval"
    return interval_rows("chart-ranking", title, rows, axis="score, from 0 to 1", write=number) if rows else None


def _ranking_table(choice: Choice) -> TableView | None:
    rows = tuple(
        (
            cell(one.side),
            cell(number(one.score.mid), RANKING),
            cell(range_of(one.score, ""), RANKING),
            cell(percent(one.p_best), RANKING),
        )
        for one in choice.ranking
    )
    return TableView("Ranking", ("side", "score", "interval", "is first in"), rows) if rows else None
