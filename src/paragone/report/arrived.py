"""What became of every side in every target, for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from paragone.records import UNARRIVED, Artifact, ArtifactVerdict, Load, Run, ServerLoad
from paragone.report.arrival import SYMBOLS, loses, reasons, told_arrivals
from paragone.report.figures import ABSENT, number, seconds, size
from paragone.report.loaded import QUANTITIES, of_runs, told_load
from paragone.report.phrases import listed, plain
from paragone.report.text import clean, cleaned
from paragone.report.verdicts import failed_sides

_STYLES: dict[ArtifactVerdict, str] = {
    "same": "green",
    "different": "red",
    "less precise": "yellow",
    "quantised": "cyan",
    "failed": "red",
}
_TOLD: tuple[ArtifactVerdict, ...] = ("different", "less precise", "same", *UNARRIVED)
_COLUMNS = ("target", "verdict", "apart", "size", "start", "p50", "p99")
_LEGEND = (
    "apart: from the side itself; start: process to first answer; p50, p99: a request with one sample; "
    "means over the processes"
)


def render_artifacts(run: Run, console: Console, folder: Path | None = None) -> None:
    """A table a side, the reasons below it, and where everything is; no text of the record is taken for markup."""
    run = cleaned(run)
    for side in dict.fromkeys(one.side for one in run.artifacts):
        cells = [one for one in run.artifacts if one.side == side]
        console.print(Text(side, style="bold"))
        ran = [one for one in cells if one.ran]
        if ran:
            console.print(_table(ran))
        for line in _reasons(cells):
            console.print(Padding(line, (0, 0, 0, 2)), highlight=False)
        console.print()
    for failed in failed_sides(run):
        console.print(Text.assemble((f"{failed.name} failed", "red"), f": {failed.why}"))
    if run.artifacts:
        console.print(Text(plain(next(told_arrivals(run)))))
        console.print(Text(_LEGEND, style="dim"))
    if run.load is not None:
        console.print()
        console.print(_load_table(run.load))
        for told in told_load(run.load):
            console.print(Text(plain(told)))
        console.print(
            Text("p50 and p99 from the moment a request should have been sent; medians of the runs", style="dim")
        )
    if folder is not None:
        for what, name in (("The page", "report.html"), ("Artifacts and scripts", "artifacts")):
            console.print(Text(f"{what}: {clean(str(folder / name))}"), soft_wrap=True)


def _table(cells: Sequence[Artifact]) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    for column in _COLUMNS:
        table.add_column(column, justify="left" if column in ("target", "verdict") else "right", overflow="fold")
    for one in cells:
        table.add_row(Text(one.target), _verdict(one), *map(Text, _figures(one)))
    return table


def _load_table(load: Load) -> Table:
    """A server a row, a rate a column."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column("under load", overflow="fold")
    for rate in load.rates_per_s:
        table.add_column(f"{number(rate)}/s", justify="right", overflow="fold")
    for server in load.servers:
        table.add_row(f"{server.side}: {server.target}", *(_loaded(server, rate) for rate in load.rates_per_s))
    return table


def _loaded(server: ServerLoad, rate: float) -> str:
    p50, p99 = (of_runs(server, rate, quantity) for quantity in QUANTITIES)
    return f"{seconds(p50.mid)}, {seconds(p99.mid)}" if p50 and p99 else ABSENT


def _verdict(one: Artifact) -> Text:
    return Text(f"{SYMBOLS[one.verdict]} {one.verdict}", style=_STYLES.get(one.verdict, "dim"))


def _figures(one: Artifact) -> tuple[str, ...]:
    latency = one.latency_s
    return (
        ABSENT if one.max_rel is None else f"{one.max_rel:.1e}" if one.max_rel else "0",
        ABSENT if one.size_bytes is None else size(one.size_bytes),
        ABSENT if one.cold_start_s is None else seconds(one.cold_start_s),
        *((seconds(latency.p50), seconds(latency.p99)) if latency else (ABSENT, ABSENT)),
    )


def _reasons(cells: Sequence[Artifact]) -> Iterator[Text]:
    """What is to be said of cells that are not simply the same; those with one reason together."""
    for one in cells:
        if one.verdict == "quantised" and one.accuracy is not None:
            lost = plain(loses(one.accuracy, ""))
            yield Text.assemble((one.target, "bold"), f": {lost} on {one.accuracy.rows:,} test samples.")
    for note in dict.fromkeys(one.note for one in cells if one.note):
        names = listed([one.target for one in cells if one.note == note])
        yield Text.assemble((names, "bold"), f": {note}.")
    for reason in reasons(cells, _TOLD):
        if reason.why or reason.verdict in UNARRIVED:
            names = listed([one.target for one in reason.cells])
            of = f" {reason.verdict}" if reason.verdict in UNARRIVED else ""
            why = reason.why.removesuffix(".") or "it gave no reason"
            yield Text.assemble((names, "bold"), (of, _STYLES.get(reason.verdict, "dim")), f": {why}.")
