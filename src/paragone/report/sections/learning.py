"""Learning: the loss of each side, how far the sides drift apart, and what they learn over seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from paragone.records import Curve, Floor, Outcome, Pair, Proof, Run
from paragone.report.charts import Chart
from paragone.report.charts.curves import Line, Panel, distance_chart, loss_panels
from paragone.report.charts.rows import Row, Writer, interval_rows
from paragone.report.figures import count, number, percent
from paragone.report.phrases import Figure, Phrase
from paragone.report.samples.proof import CORRECTED, WRITTEN, curve_key, floor_key, outcome_key, rung_key
from paragone.report.views import TableView, cell, places

_LOSS_ROWS = 8


@dataclass(frozen=True)
class LearningView:
    """The section: three charts, each with the same figures as a table."""

    loss: Chart | None = None
    loss_table: TableView | None = None
    distance: Chart | None = None
    distance_table: TableView | None = None
    outcome: Chart | None = None
    outcome_table: TableView | None = None
    dtype: str = ""
    absent: str = ""


def learning_view(run: Run) -> LearningView:
    """What happened over the steps; where nothing was recorded, the reason."""
    proof = run.proof
    if proof is None:
        return LearningView(absent="The sides were not trained: there is no proof in this run.")
    curves = _deciding(proof.curves)
    order = places(run)
    return LearningView(
        loss=_loss_chart(curves, order),
        loss_table=_loss_table(curves),
        distance=_distance_chart(proof),
        distance_table=_distance_table(proof),
        outcome=_outcome_chart(proof.outcomes, order),
        outcome_table=_outcome_table(proof.outcomes),
        dtype=curves[0].dtype if curves else "",
    )


def _deciding(curves: Sequence[Curve]) -> list[Curve]:
    """The curves in float64, or in float32 where there are no others."""
    kept = [curve for curve in curves if curve.dtype == "float64"]
    return [curve for curve in (kept or curves) if curve.loss]


def _loss_chart(curves: Sequence[Curve], order: dict[str, int]) -> Chart | None:
    panels = [
        Panel(title, tuple(_curve_line(curve, order) for curve in curves if curve.corrected == corrected))
        for title, corrected in (("As written", False), ("Causes removed", True))
    ]
    panels = [panel for panel in panels if panel.lines]
    return loss_panels("chart-loss", "Training loss of each side, step by step", panels) if panels else None


def _curve_line(curve: Curve, order: dict[str, int]) -> Line:
    steps = tuple(range(1, len(curve.loss) + 1))
    return Line(curve.side, steps, curve.loss, curve.band, order.get(curve.side, 0))


def _loss_table(curves: Sequence[Curve]) -> TableView | None:
    if not curves:
        return None
    longest = max(len(curve.loss) for curve in curves)
    steps = sorted({max(1, round(longest * part / _LOSS_ROWS)) for part in range(_LOSS_ROWS + 1)})
    columns = ("step", *(f"{curve.side}{', causes removed' if curve.corrected else ''}" for curve in curves))
    rows = tuple((cell(f"{step:,}"), *(_loss_cell(curve, step) for curve in curves)) for step in steps)
    return TableView("Training loss", columns, rows)


def _loss_cell(curve: Curve, step: int) -> Phrase:
    return cell(number(curve.loss[step - 1]), curve_key(curve)) if step <= len(curve.loss) else ("–",)


def _distance_chart(proof: Proof) -> Chart | None:
    lines = [line for _, _, line in _distances(proof)]
    if not lines:
        return None
    tolerance = proof.tolerances.get("trajectory")
    title = "Distance between the weights of two sides over the steps, in float64"
    return distance_chart("chart-distance", title, lines, _floor_line(proof), tolerance)


def _distances(proof: Proof) -> list[tuple[Pair, str, Line]]:
    """One line for each pair, as written and corrected."""
    found = []
    for state, pairs in ((WRITTEN, proof.pairs), (CORRECTED, proof.corrected)):
        for place, pair in enumerate(pairs):
            for rung in pair.rungs:
                if rung.name == "trajectory" and rung.dtype == proof.deciding and rung.checkpoints:
                    steps = tuple(one.step for one in rung.checkpoints)
                    values = tuple(one.max_rel for one in rung.checkpoints)
                    name = f"{pair.a} – {pair.b}"
                    found.append((pair, state, Line(name, steps, values, (), place, state == CORRECTED)))
    return found


def _floor_line(proof: Proof) -> Line | None:
    """The largest floor of all sides; where it was not followed over the steps it is drawn level."""
    floors = [floor for floor in proof.floors if floor.dtype == proof.deciding]
    if not floors:
        return None
    largest = max(floors, key=lambda floor: floor.max_rel)
    points = [(one.step, one.max_rel) for one in largest.checkpoints] or [(1, largest.max_rel)]
    if len(points) == 1:
        points = [(1, points[0][1]), (largest.steps, points[0][1])]
    return Line(_floor_name(largest), tuple(step for step, _ in points), tuple(value for _, value in points))


def _floor_name(floor: Floor) -> str:
    return f"floor: how far {floor.side} drifts from itself under rounding noise"


def _distance_table(proof: Proof) -> TableView | None:
    found = _distances(proof)
    if not found:
        return None
    rows = tuple(
        (
            cell(f"{pair.a} – {pair.b}"),
            cell(state),
            cell(f"{line.steps[-1]:,}"),
            cell(number(line.values[-1]), rung_key(pair, "trajectory", state)),
            _pair_floor(proof, pair),
        )
        for pair, state, line in found
    )
    return TableView("Distance after the last step", ("pair", "state", "steps", "distance", "larger floor"), rows)


def _pair_floor(proof: Proof, pair: Pair) -> Phrase:
    floors = [floor for floor in proof.floors if floor.dtype == proof.deciding and floor.side in (pair.a, pair.b)]
    if not floors:
        return ("–",)
    largest = max(floors, key=lambda floor: floor.max_rel)
    return cell(number(largest.max_rel), floor_key(largest.side, largest.dtype))


def _outcome_chart(outcomes: Sequence[Outcome], order: dict[str, int]) -> Chart | None:
    written = [outcome for outcome in outcomes if outcome.variant == WRITTEN and outcome.seeds]
    accurate = bool(written) and all(outcome.accuracy for outcome in written)
    rows = [_outcome_row(outcome, order, accurate) for outcome in written]
    rows = [row for row in rows if row.dots]
    if not rows:
        return None
    title = f"Test {'accuracy' if accurate else 'loss'} of each side as written, one dot a seed"
    axis = (
        "test accuracy (the axis does not begin at zero)" if accurate else "test loss (the axis does not begin at zero)"
    )
    write = percent if accurate else number
    return interval_rows("chart-outcome", title, rows, axis=axis, write=write, from_zero=False)


def _outcome_row(outcome: Outcome, order: dict[str, int], accurate: bool) -> Row:
    values = outcome.accuracy if accurate else outcome.loss
    ends = (min(values), max(values)) if values else (None, None)
    return Row(outcome.side, None, ends[0], ends[1], values, order.get(outcome.side, 0))


def _outcome_table(outcomes: Sequence[Outcome]) -> TableView | None:
    if not outcomes:
        return None
    rows = tuple(
        (
            cell(outcome.side),
            cell(outcome.variant),
            _ends(outcome.accuracy, outcome.side, percent),
            _ends(outcome.loss, outcome.side, number),
            cell(count(len(outcome.seeds), "seed")),
        )
        for outcome in outcomes
    )
    columns = ("side", "variant", "test accuracy, lowest to highest", "test loss, lowest to highest", "over")
    return TableView("What each side learned", columns, rows)


def _ends(values: Sequence[float], side: str, write: Writer) -> Phrase:
    if not values:
        return ("–",)
    sheet = outcome_key(side)
    return (Figure(write(min(values)), sheet), " to ", Figure(write(max(values)), sheet))
