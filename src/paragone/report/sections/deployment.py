"""What arrives: every side in every target, whether it still computes the same there, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from paragone.deploy.formats import FORMATS
from paragone.records import UNARRIVED, Artifact, ArtifactVerdict, CaseGap, Run
from paragone.report.arrival import (
    SYMBOLS,
    loses,
    loses_in_short,
    placed,
    reasons,
    told_arrivals,
    told_latencies,
)
from paragone.report.charts import Chart
from paragone.report.charts.spans import Group, Span, span_groups
from paragone.report.figures import ABSENT, number, percent, seconds, size
from paragone.report.phrases import Figure, Phrase, capitalised, linked
from paragone.report.samples.artifacts import artifact_key
from paragone.report.sections.load import LoadView, load_view
from paragone.report.speed import caveat
from paragone.report.text import anchor
from paragone.report.views import TableView, cell, places

TONES: dict[ArtifactVerdict, str] = {
    "same": "good",
    "different": "bad",
    "less precise": "unsure",
    "quantised": "asked",
    "refused": "none",
    "failed": "bad",
    "not run": "none",
}
_MEANINGS: dict[ArtifactVerdict, str] = {
    "same": "as the side itself, within rounding",
    "different": "not as the side, and no shorter format explains it",
    "less precise": "it computes in a shorter format than it was asked to",
    "quantised": "it was asked to compute in less; what counts is the accuracy",
    "refused": "the framework does not write what the runtime reads, or not for this model",
    "failed": "the runtime has it, and does not run it",
    "not run": "something is missing on this machine",
}


@dataclass(frozen=True)
class Mark:
    """A verdict as symbol, word and tone."""

    symbol: str
    word: str
    tone: str
    meaning: str


@dataclass(frozen=True)
class Cell:
    """One side in one target, at a glance."""

    mark: Mark
    target: str
    latency: Phrase = ()
    size: Phrase = ()
    lost: Phrase = ()


@dataclass(frozen=True)
class MatrixRow:
    """A target in every side."""

    title: str
    name: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class Detail:
    """All that is known of one side in one target."""

    id: str
    title: str
    mark: Mark
    facts: tuple[tuple[str, Phrase], ...]
    cases: TableView | None


@dataclass(frozen=True)
class SideDetails:
    """The details of one side."""

    side: str
    place: int
    details: tuple[Detail, ...]


@dataclass(frozen=True)
class DeploymentView:
    """The section."""

    told: tuple[Phrase, ...] = ()
    caveat: str = ""
    sides: tuple[str, ...] = ()
    rows: tuple[MatrixRow, ...] = ()
    marks: tuple[Mark, ...] = ()
    left: tuple[tuple[Mark, str, Phrase], ...] = ()
    latency: Chart | None = None
    latency_table: TableView | None = None
    load: LoadView = field(default_factory=LoadView)
    details: tuple[SideDetails, ...] = ()


def deployment_view(run: Run) -> DeploymentView:
    """The matrix, what did not arrive, latencies, and every cell; empty where nothing was deployed."""
    cells = run.artifacts
    if not cells:
        return DeploymentView()
    sides = tuple(dict.fromkeys(one.side for one in cells))
    return DeploymentView(
        told=(*told_arrivals(run), *told_latencies(run)),
        caveat=caveat(run) if len(sides) > 1 else "",
        sides=sides,
        rows=tuple(_rows(cells, sides)),
        marks=tuple(_mark(verdict) for verdict in SYMBOLS if any(one.verdict == verdict for one in cells)),
        left=tuple(_left(cells)),
        latency=_latency_chart(run),
        latency_table=_latency_table(cells),
        load=load_view(run),
        details=tuple(_details(run, side) for side in sides),
    )


def _mark(verdict: ArtifactVerdict) -> Mark:
    return Mark(SYMBOLS[verdict], verdict, TONES[verdict], _MEANINGS[verdict])


def _id(one: Artifact) -> str:
    return anchor("arrived", one.side, one.target)


# ---------------------------------------------------------------------- the matrix


def _rows(cells: Sequence[Artifact], sides: Sequence[str]) -> Iterator[MatrixRow]:
    titles = {one.target: one.title for one in cells}
    found = {(one.side, one.target): one for one in cells}
    for target, title in titles.items():
        row = (found.get((side, target)) for side in sides)
        yield MatrixRow(title, target, tuple(_cell(one) if one else None for one in row))


def _cell(one: Artifact) -> Cell:
    sheet = artifact_key(one)
    return Cell(
        _mark(one.verdict),
        _id(one),
        cell(seconds(one.latency_s.p50), sheet) if one.latency_s else (),
        cell(size(one.size_bytes), sheet) if one.size_bytes is not None else (),
        loses_in_short(one.accuracy, sheet) if one.verdict == "quantised" and one.accuracy else (),
    )


def _left(cells: Sequence[Artifact]) -> Iterator[tuple[Mark, str, Phrase]]:
    """What did not arrive, with the reason; cells that share one are told together."""
    for reason in reasons(cells, UNARRIVED):
        why = reason.why.removesuffix(".") or "it gave no reason"
        yield _mark(reason.verdict), placed(reason.cells), linked(f"{capitalised(why)}.", artifact_key(reason.cells[0]))


# ---------------------------------------------------------------------- latency


def _latency_chart(run: Run) -> Chart | None:
    order = places(run)
    names = tuple(order)
    groups = []
    for target in dict.fromkeys(one.target for one in run.artifacts):
        timed = [(one, one.latency_s) for one in run.artifacts if one.target == target and one.latency_s]
        spans = tuple(
            Span(latency.p50, latency.p99, order[one.side])
            for one, latency in timed
            if one.side in order and 0 < latency.p50 <= latency.p99
        )
        if spans:
            groups.append(Group(timed[0][0].title, spans))
    title = "A request with one sample: from the typical time (p50, the mark) to the slowest in a hundred (p99)"
    return (
        span_groups("chart-arrived", title, groups, names, axis="time of a request (log axis)", write=seconds)
        if groups
        else None
    )


def _latency_table(cells: Sequence[Artifact]) -> TableView | None:
    rows = tuple(_latency_cells(one) for one in cells if one.latency_s)
    columns = ("artifact", "p50", "p99", "cold start", "peak memory", "samples a second")
    return TableView("Latency, cold start and memory", columns, rows) if rows else None


def _latency_cells(one: Artifact) -> tuple[Phrase, ...]:
    latency, sheet = one.latency_s, artifact_key(one)
    if latency is None:
        return ()
    return (
        cell(f"{one.side}, {one.title}"),
        _ranged(seconds(latency.p50), [each.latency_s.p50 for each in one.processes if each.latency_s], sheet),
        _ranged(seconds(latency.p99), [each.latency_s.p99 for each in one.processes if each.latency_s], sheet),
        cell(ABSENT) if one.cold_start_s is None else _started(one, sheet),
        cell(ABSENT) if one.peak_memory_bytes is None else cell(size(one.peak_memory_bytes), sheet),
        cell(ABSENT) if one.throughput_per_s is None else cell(number(one.throughput_per_s), sheet),
    )


def _started(one: Artifact, sheet: str) -> Phrase:
    found = [each.cold_start_s for each in one.processes if each.cold_start_s is not None]
    return _ranged(seconds(one.cold_start_s or 0.0), found, sheet)


def _ranged(mid: str, found: Sequence[float], sheet: str) -> Phrase:
    """A figure, and from where to where its processes lie."""
    low, high = (seconds(end(found)) if len(found) > 1 else mid for end in (min, max))
    return cell(mid if low == high else f"{mid} ({low} to {high})", sheet)


# ---------------------------------------------------------------------- every cell


def _details(run: Run, side: str) -> SideDetails:
    found = tuple(
        Detail(_id(one), one.title, _mark(one.verdict), tuple(_facts(one)), _cases(one))
        for one in run.artifacts
        if one.side == side
    )
    return SideDetails(side, places(run).get(side, 0), found)


def _facts(one: Artifact) -> Iterator[tuple[str, Phrase]]:
    sheet = artifact_key(one)
    if one.why:
        yield "why", linked(one.why, sheet)
    if one.format:
        title = FORMATS[one.format].title if one.format in FORMATS else one.format
        of = () if one.size_bytes is None else (", ", Figure(size(one.size_bytes), sheet))
        yield "written as", (title, *of)
    if one.runtime:
        yield "run in", cell(one.runtime)
    if one.note:
        yield "note", cell(one.note)
    if one.precision != "float32":
        yield "asked for", cell(one.precision)
    yield from _measured(one, sheet)
    yield from _places(one)


def _measured(one: Artifact, sheet: str) -> Iterator[tuple[str, Phrase]]:
    if one.max_rel is not None:
        yield "from its side", (Figure(number(one.max_rel), sheet), f" on the inputs “{one.where}”")
    if one.accuracy is not None:
        found = one.accuracy
        yield "accuracy", (
            Figure(percent(found.artifact), sheet), ", the side ", Figure(percent(found.side), sheet), ": ",
            *loses(found, sheet), ", on ", Figure(f"{found.rows:,}", sheet), " test samples",
        )  # fmt: skip
    if one.latency_s is not None:
        p50, p99 = Figure(seconds(one.latency_s.p50), sheet), Figure(seconds(one.latency_s.p99), sheet)
        in_all = f" requests to {len(one.processes)} processes" if len(one.processes) > 1 else " requests"
        yield "a request", ("p50 ", p50, ", p99 ", p99, ", of ", Figure(f"{one.latency_s.n:,}", sheet), in_all)
    if one.throughput_per_s is not None:
        of = (
            f" samples a second, in batches of {one.throughput_batch:,}"
            if one.throughput_batch
            else " samples a second"
        )
        yield "throughput", (Figure(number(one.throughput_per_s), sheet), of)
    if one.cold_start_s is not None:
        yield "cold start", _started(one, sheet)
    if one.peak_memory_bytes is not None:
        yield "peak memory", cell(size(one.peak_memory_bytes), sheet)
    for name, value in sorted(one.facts.items()):
        title, _, unit = name.rpartition("_")
        if unit == "bytes":
            yield title.replace("_", " "), cell(size(value), sheet)
        else:
            yield name.replace("_", " "), cell(number(value), sheet)


def _places(one: Artifact) -> Iterator[tuple[str, Phrase]]:
    """Where it is, in the folder of the run."""
    if one.folder and one.script:
        yield "runs alone", cell(f"{one.folder}/{one.script}")
    elif one.folder:
        yield "folder", cell(one.folder)
    if one.log:
        yield "log", cell(one.log)


def _cases(one: Artifact) -> TableView | None:
    if not one.cases:
        return None
    judged = one.verdict != "quantised"
    columns = ("inputs", "rows", "apart", *(("within tolerance",) if judged else ()), "floor", "tolerance")
    rows = tuple(_case(case, artifact_key(one), judged=judged) for case in one.cases)
    return TableView(f"{one.side} in {one.title}: how far it is from the side", columns, rows)


def _case(case: CaseGap, sheet: str, *, judged: bool) -> tuple[Phrase, ...]:
    if case.max_rel is None:
        apart, within = cell(f"not computed: {case.why}" if case.why else "not computed"), cell(ABSENT)
    else:
        apart = cell(number(case.max_rel), sheet)
        within = cell("✓ yes" if case.max_rel <= case.tolerance else "≠ no")
    limits = (cell(number(case.floor), sheet), cell(number(case.tolerance), sheet))
    return (cell(case.name), cell(f"{case.rows:,}", sheet), apart, *((within,) if judged else ()), *limits)
