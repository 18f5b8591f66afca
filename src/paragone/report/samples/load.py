"""Sheets of servers under load: one for each server of each side."""

from __future__ import annotations

from paragone.records import Run, ServerLoad
from paragone.report.figures import exact
from paragone.report.samples.base import Sheet, Table, key

_COLUMNS = (
    *("asked for, a second", "run", "came, a second", "sent", "answered", "failed", "answered a second"),
    *("p50, s", "p90, s", "p99, s"),
)


def load_key(one: ServerLoad) -> str:
    """The sheet of one server of one side."""
    return key("load", one.side, one.target)


def load_sheets(run: Run) -> tuple[Sheet, ...]:
    """Every run of every server."""
    return tuple(map(_sheet, run.load.servers)) if run.load else ()


def _sheet(one: ServerLoad) -> Sheet:
    rows = tuple(
        (
            exact(each.rate_per_s), str(each.run + 1), exact(each.offered_per_s), str(each.sent), str(each.answered),
            str(each.failed), exact(each.answered_per_s), *map(exact, (each.p50_s, each.p90_s, each.p99_s)),
        )
        for each in one.runs
    )  # fmt: skip
    note = "A time counts from the moment when the request should have been sent. A run is a process of the server."
    return Sheet(load_key(one), f"{one.side} behind {one.title}, under load", (Table(_COLUMNS, rows),), one.why or note)
