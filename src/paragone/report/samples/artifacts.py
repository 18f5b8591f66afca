"""Sheets of what arrived: one for each side in each target."""

from __future__ import annotations

from paragone.records import Accuracy, Artifact, Run
from paragone.report.figures import exact
from paragone.report.samples.base import Sheet, Table, key

_NOTHING = "Nothing was computed, so nothing was measured."


def artifact_key(one: Artifact) -> str:
    """The sheet of one side in one target."""
    return key("artifact", one.side, one.target)


def artifact_sheets(run: Run) -> tuple[Sheet, ...]:
    """Everything that was written, and what its runtime did."""
    return tuple(map(_sheet, run.artifacts))


def _sheet(one: Artifact) -> Sheet:
    timed = (_processes(one),) if one.processes else ()
    tables = (
        _measured(one),
        *timed,
        *((_cases(one),) if one.cases else ()),
        *((_lost(one.accuracy),) if one.accuracy else ()),
    )
    files = f"{one.folder}/{one.target}-1.json, and so on for every process"
    raw = f"The time of every request is in {files}, beside run.json." if one.latency_s else ""
    return Sheet(artifact_key(one), f"{one.side} in {one.title}", tables, raw if one.ran else raw or _NOTHING)


def _measured(one: Artifact) -> Table:
    latency = one.latency_s
    facts: dict[str, object] = {
        "verdict": one.verdict,
        "target": one.target,
        "asked for": one.precision,
        "bytes on disk": exact(one.size_bytes),
        "SHA-256 of what was written": one.sha256 or "–",
        **{f"version of {name}": version for name, version in sorted(one.packages.items())},
        "seconds of the cold start": exact(one.cold_start_s),
        "bytes of memory at the peak": exact(one.peak_memory_bytes),
        "seconds of a request, p50": exact(latency.p50 if latency else None),
        "seconds of a request, p99": exact(latency.p99 if latency else None),
        "requests that were timed": exact(latency.n if latency else None),
        "samples a second": exact(one.throughput_per_s),
        "batch size of those": exact(one.throughput_batch),
        **{name.replace("_", " "): exact(value) for name, value in sorted(one.facts.items())},
    }
    return Table(("fact", "value"), tuple((name, str(value)) for name, value in facts.items()))


def _processes(one: Artifact) -> Table:
    rows = tuple(
        (
            str(number),
            *map(exact, (took.cold_start_s, took.peak_memory_bytes)),
            *map(exact, (took.latency_s.p50, took.latency_s.p99) if took.latency_s else (None, None)),
            *map(exact, (took.latency_s.n if took.latency_s else None, took.throughput_per_s)),
            took.why,
        )
        for number, took in enumerate(one.processes, 1)
    )
    columns = ("process", "cold start, s", "peak, bytes", "p50, s", "p99, s", "requests", "samples a second", "why not")
    return Table(columns, rows, "what each process took; above are their geometric means, and the largest peak")


def _cases(one: Artifact) -> Table:
    rows = tuple(
        (case.name, str(case.rows), *map(exact, (case.max_rel, case.floor, case.tolerance)), case.why)
        for case in one.cases
    )
    columns = ("inputs", "rows", "apart", "floor", "tolerance", "what the runtime answered")
    return Table(columns, rows, "how far the artifact is from its side")


def _lost(found: Accuracy) -> Table:
    cells = (*map(exact, (found.side, found.artifact, found.lost, found.low, found.high)), str(found.rows))
    columns = ("of the side", "of the artifact", "lost", "low", "high", "test samples")
    return Table(columns, (cells,), "accuracy, as shares; the interval is at 95 %")
