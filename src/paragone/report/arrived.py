"""What became of every side in every target, for the terminal."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from paragone.records import Artifact, Run
from paragone.report.figures import ABSENT, seconds, size
from paragone.report.text import cleaned

_STYLES = {"same": "green", "different": "red", "less precise": "yellow", "quantised": "cyan"}


def render_artifacts(run: Run, console: Console, folder: Path | None = None) -> None:
    """A table a side, the reasons below it, and where everything is."""
    run = cleaned(run)
    for side in dict.fromkeys(one.side for one in run.artifacts):
        cells = [one for one in run.artifacts if one.side == side]
        console.print(_table(side, cells))
        for one in cells:
            if one.why:
                console.print(f"  [bold]{escape(one.title)}[/bold]: {escape(one.why)}", highlight=False)
    for side_record in run.sides:
        if side_record.status == "failed":
            console.print(f"[red]{escape(side_record.name)} failed[/red]: {escape(side_record.why)}", highlight=False)
    ran = sum(one.ran for one in run.artifacts)
    console.print(f"\n{ran} of {len(run.artifacts)} cells ran in their runtime.", highlight=False)
    if folder is not None:
        console.print(
            f"Report: {folder / 'report.html'}; artifacts and scripts: {folder / 'artifacts'}", highlight=False
        )


def _table(side: str, cells: list[Artifact]) -> Table:
    table = Table(title=escape(side), title_justify="left", title_style="bold")
    for column in ("target", "verdict", "apart", "size", "cold start", "p50", "p99", "memory"):
        table.add_column(column, justify="left" if column in ("target", "verdict") else "right")
    for one in cells:
        style = _STYLES.get(one.verdict, "dim")
        table.add_row(escape(one.title), f"[{style}]{one.verdict}[/{style}]", *_figures(one))
    return table


def _figures(one: Artifact) -> tuple[str, ...]:
    return (
        ABSENT if one.max_rel is None else f"{one.max_rel:.1e}",
        ABSENT if one.size_bytes is None else size(one.size_bytes),
        ABSENT if one.cold_start_s is None else seconds(one.cold_start_s),
        *((seconds(one.latency_s.p50), seconds(one.latency_s.p99)) if one.latency_s else (ABSENT, ABSENT)),
        ABSENT if one.peak_memory_bytes is None else size(one.peak_memory_bytes),
    )
