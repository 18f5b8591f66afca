"""The page of all checks, from the rows alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.known.check import Check
from benchmarks.scoreboard.ledger import Row


def page(rows: Sequence[Row], checks: dict[str, Check]) -> str:
    """The whole page: of every question how often it was asked, the latest answer, and the worst."""
    parts = [INTRODUCTION]
    for name, check in checks.items():
        mine = [row for row in rows if row["check"] == name]
        parts += [f"## {name.capitalize()}", "", check.about, "", *(_table(mine) if mine else ["Not asked yet."]), ""]
    return "\n".join(parts).rstrip() + "\n"


def _table(rows: Sequence[Row]) -> Iterator[str]:
    yield "| side | what | known | found, latest | holds | held | worst, of what is allowed | others' cores | day |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    for side, what in dict.fromkeys((row["side"], row["what"]) for row in rows):
        mine = [row for row in rows if (row["side"], row["what"]) == (side, what)]
        last = mine[-1]
        held = f"{sum(row['off'] <= 1 for row in mine)} of {len(mine)}"
        worst = f"{100 * max(row['off'] for row in mine):.0f} %"
        cells = [side, what, last["known"], last["found"], _holds(last), held, worst]
        yield "| " + " | ".join([*cells, f"{last['other_cores']:.1f}", last["made"]]) + " |"


def _holds(row: Row) -> str:
    if not row.get("told", True):
        return "not told: too noisy"
    return "yes" if row["off"] <= 1 else "**no**"


INTRODUCTION = """# What the instrument says where the answer is known

`python -m benchmarks.known` wrote this page: sides of the first task, one thread, with workers as `paragone measure`
starts them. Every answer is kept in known.json; *held* counts how often it was near enough. *Others' cores* are what
strangers kept busy on this machine meanwhile. False alarms, power and the coverage of intervals are in
`benchmarks/instrument.py`.
"""
