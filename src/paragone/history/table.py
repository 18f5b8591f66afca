"""The history as a person reads it: a run a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from paragone.errors import printable
from paragone.records.history import RunLine, RunList

if TYPE_CHECKING:
    from rich.console import Console

COLUMNS = ("id", "made (UTC)", "what", "name", "sides", "same?", "took")


def render_runs(found: RunList, console: Console) -> None:
    """Print the runs, and what could not be read."""
    from rich.table import Table
    from rich.text import Text

    if not found.runs and not found.unreadable:
        console.print(Text(f"No such run in {printable(found.database)}"), soft_wrap=True)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in COLUMNS:
        table.add_column(title, no_wrap=title in COLUMNS[:3])
    for one in found.runs:
        table.add_row(*(Text(printable(cell)) for cell in _cells(one)))
    console.print(table)
    if found.unreadable:
        console.print(Text(f"{found.unreadable} rows hold no record of a run and were left out"))


def _cells(one: RunLine) -> Iterator[str]:
    yield one.id
    yield one.created[:16].replace("T", " ")
    yield one.verb
    yield one.name
    yield ", ".join(one.frameworks)
    yield one.same or "–"
    yield f"{one.duration_s:.0f} s"
