"""Sheets of the proof: distances, floors, causes, loss curves, outcomes over seeds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from paragone.records import Cause, Checkpoint, Curve, Distance, Floor, Interval, Outcome, Pair, Proof, Run, Rung
from paragone.report.figures import ABSENT, exact
from paragone.report.samples.base import Limits, Sheet, Table, cut, key, series

WRITTEN, CORRECTED = "as written", "causes removed"
GAUGES = key("gauges")
TOLERANCES = key("tolerances")


def rung_key(pair: Pair, rung: str, state: str) -> str:
    """The sheet of one rung of one pair."""
    return key("rung", pair.a, pair.b, rung, state)


def floor_key(side: str, dtype: str) -> str:
    """The sheet of one side's floor."""
    return key("floor", side, dtype)


def cause_key(trap: str) -> str:
    """The sheet of one cause, for all pairs."""
    return key("cause", trap)


def curve_key(curve: Curve) -> str:
    """The sheet of one loss curve."""
    return key("curve", curve.side, curve.dtype, CORRECTED if curve.corrected else WRITTEN)


def outcome_key(side: str) -> str:
    """The sheet of what one side learned."""
    return key("outcome", side)


def proof_sheets(run: Run, limits: Limits) -> tuple[Sheet, ...]:
    """Everything that the proof measured."""
    return tuple(_sheets(run.proof, limits)) if run.proof else ()


def _sheets(proof: Proof, limits: Limits) -> Iterator[Sheet]:
    for state, pairs in ((WRITTEN, proof.pairs), (CORRECTED, proof.corrected)):
        for pair in pairs:
            yield from _rungs(pair, state, limits)
    causes: dict[str, list[tuple[Pair, Cause]]] = {}
    for pair in proof.pairs:
        for cause in pair.causes:
            causes.setdefault(cause.trap, []).append((pair, cause))
    yield from (_cause(trap, found) for trap, found in causes.items())
    if proof.gauges:
        rows = tuple((gauge.name, gauge.text, gauge.evidence or ABSENT) for gauge in proof.gauges)
        yield Sheet(GAUGES, "Differences that are none", (Table(("name", "what differs", "what was seen"), rows),))
    if proof.tolerances:
        yield _tolerances(proof)
    yield from (_floor(floor) for floor in proof.floors)
    yield from (_curve(curve, limits) for curve in proof.curves)
    for side in dict.fromkeys(outcome.side for outcome in proof.outcomes):
        yield _outcomes(side, [outcome for outcome in proof.outcomes if outcome.side == side])


def _rungs(pair: Pair, state: str, limits: Limits) -> Iterator[Sheet]:
    for name in dict.fromkeys(rung.name for rung in pair.rungs):
        rungs = [rung for rung in pair.rungs if rung.name == name]
        tables = [_judged(rungs), *(table for rung in rungs for table in _tensors(rung, pair, limits))]
        tables += [_checkpoints(rung.checkpoints, rung.dtype) for rung in rungs if rung.checkpoints]
        title = f"{name}: {pair.a} and {pair.b}, {state}"
        yield Sheet(rung_key(pair, name, state), title, tuple(tables), _meaning(name))


def _meaning(rung: str) -> str:
    if rung == "initialisation":
        return (
            "The distance is the largest Kolmogorov-Smirnov distance between the starting weights of several builds; "
            "the tolerance is the largest p-value that counts as a difference."
        )
    return "The distance is max|a − b| / max|b| of the worst tensor."


def _judged(rungs: Sequence[Rung]) -> Table:
    rows = tuple(
        (one.dtype, one.verdict, exact(one.max_rel), exact(one.tolerance), exact(one.floor), one.where, one.detail)
        for one in rungs
    )
    return Table(("precision", "verdict", "distance", "tolerance", "floor", "where", "detail"), rows)


def _tensors(rung: Rung, pair: Pair, limits: Limits) -> Iterator[Table]:
    if rung.distances:
        rows, left = cut(map(_distance, rung.distances), limits.tensors)
        caption = f"{rung.dtype}, by tensor" + (f"; {left}" if left else "")
        yield Table(("tensor", "distance", "element", pair.a, pair.b), rows, caption)


def _distance(one: Distance) -> tuple[str, ...]:
    return one.tensor, exact(one.max_rel), ", ".join(map(str, one.index)), exact(one.a), exact(one.b)


def _checkpoints(checkpoints: Iterable[Checkpoint], dtype: str) -> Table:
    rows = tuple((str(one.step), exact(one.max_rel)) for one in checkpoints)
    return Table(("step", "distance"), rows, f"{dtype}, over the steps")


def _cause(trap: str, found: Sequence[tuple[Pair, Cause]]) -> Sheet:
    explained = tuple(
        (
            f"{pair.a}, {pair.b}",
            cause.side,
            cause.explains.rung,
            cause.explains.dtype,
            exact(cause.explains.present),
            exact(cause.explains.removed),
            exact(cause.explains.factor),
        )
        for pair, cause in found
    )
    columns = ("pair", "changed in", "rung", "precision", "with it", "without it", "factor")
    worth = tuple(row for pair, cause in found for row in _effect(pair, cause))
    tables = [Table(columns, explained, "What it explains")]
    if worth:
        quantities = ("pair", "quantity", "middle", "low", "high", "seeds", "margin", "p of equivalence")
        tables.append(Table(quantities, worth, "What it is worth"))
    return Sheet(cause_key(trap), f"Cause: {found[0][1].title}", tuple(tables))


def _effect(pair: Pair, cause: Cause) -> Iterator[tuple[str, ...]]:
    effect, names = cause.effect, f"{pair.a}, {pair.b}"
    if effect is None:
        return
    if effect.parameters_rel is not None:
        moved = exact(effect.parameters_rel)
        yield names, f"parameters after {effect.steps} steps", moved, *[ABSENT] * 5
    for one in effect.worth:
        limit = f"{100 * one.margin:g} %" if one.relative else f"{one.margin:g}"
        what = f"{one.measure}, points" if one.measure == "accuracy" else one.measure
        yield (names, what, *_ends(one.difference), str(effect.seeds), limit, exact(one.p_equivalent))
    if effect.worth:
        return
    for what, interval in (("test loss", effect.loss), ("test accuracy", effect.accuracy)):
        if interval is not None:
            yield (names, what, *_ends(interval), str(effect.seeds), ABSENT, ABSENT)


def _ends(interval: Interval) -> tuple[str, str, str]:
    return exact(interval.mid), exact(interval.low), exact(interval.high)


def _tolerances(proof: Proof) -> Sheet:
    rows = tuple((rung, exact(value)) for rung, value in proof.tolerances.items())
    note = "Fixed before anything was measured; they hold in float64. Float32 is judged against the floor."
    return Sheet(TOLERANCES, "Tolerances", (Table(("rung", "at most"), rows),), note)


def _floor(floor: Floor) -> Sheet:
    tables = (
        series(floor.samples, max(1, len(floor.samples)), "run", "drift of each run"),
        *([_checkpoints(floor.checkpoints, floor.dtype)] if floor.checkpoints else []),
    )
    note = f"The largest of {floor.runs} runs of {floor.steps} steps, with weights moved by one unit in the last place."
    return Sheet(floor_key(floor.side, floor.dtype), f"Floor of {floor.side}, {floor.dtype}", tables, note)


def _curve(curve: Curve, limits: Limits) -> Sheet:
    state = CORRECTED if curve.corrected else WRITTEN
    tables = [series(curve.loss, limits.curve, "step", "training loss")]
    if curve.band:
        tables.append(series(curve.band, limits.curve, "step", "how far rounding alone moves it"))
    return Sheet(curve_key(curve), f"Training loss of {curve.side}, {curve.dtype}, {state}", tuple(tables))


def _outcomes(side: str, outcomes: Sequence[Outcome]) -> Sheet:
    return Sheet(outcome_key(side), f"What {side} learned, over seeds", tuple(_outcome(one) for one in outcomes))


def _outcome(outcome: Outcome) -> Table:
    rows = tuple(
        (str(seed), *(_at(values, place) for values in (outcome.accuracy, outcome.loss, outcome.training_loss)))
        for place, seed in enumerate(outcome.seeds)
    )
    columns = ("seed", "test accuracy", "test loss", "training loss")
    return Table(columns, rows, f"{outcome.variant}, {outcome.steps} steps")


def _at(values: Sequence[float], place: int) -> str:
    return exact(values[place]) if place < len(values) else ABSENT
