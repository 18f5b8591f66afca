"""The page of the scoreboard, from the rows alone."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

from benchmarks.scoreboard.ledger import Row
from benchmarks.scoreboard.rates import FEWEST, Rate, at_most
from benchmarks.scoreboard.tool import Tool

REGIMES = ("idle", "busy", "hog", "bursts")
PLAIN_PROTOCOL = "one, then the other"
OURS = "paragone"
PLOT = "scoreboard.svg"

Reading = tuple[str, str]
"""A tool, and a rule by which it is read."""


def readings(rows: Sequence[Row], tools: dict[str, Tool]) -> list[Reading]:
    """Every tool and rule that has rows, in the order of the tools."""
    found = dict.fromkeys((row["tool"], row["rule"]) for row in rows if row["tool"] in tools)
    return sorted(found, key=lambda one: tools[one[0]].place)


def alarms(rows: Sequence[Row], reading: Reading) -> Rate:
    """How often identical programs were called different."""
    mine = [row for row in _of(rows, reading) if not row["planted"]]
    return Rate(sum(row["said"] in ("slower", "faster") for row in mine), len(mine))


def seen(rows: Sequence[Row], reading: Reading, planted: float) -> Rate:
    """How often the slowed program was called slower."""
    mine = [row for row in _of(rows, reading) if row["planted"] == planted]
    return Rate(sum(row["said"] == "slower" for row in mine), len(mine))


def planted_shares(rows: Sequence[Row]) -> list[float]:
    """Everything that was planted, the most first."""
    return sorted({row["planted"] for row in rows} - {0}, reverse=True)


def page(rows: Sequence[Row], tools: dict[str, Tool]) -> str:
    """The whole page."""
    if not rows:
        return "\n".join([INTRODUCTION, "No trial was made yet.", *_how(rows, tools)]) + "\n"
    parts = [INTRODUCTION, *_enough(rows), *_how(rows, tools), "", f"![Alarms and what was seen]({PLOT})"]
    if len({row["regime"] for row in rows}) > 1:
        parts += ["", "## All regimes together", "", *_table(rows, tools)]
    for regime in REGIMES:
        of_regime = [row for row in rows if row["regime"] == regime]
        if of_regime:
            parts += ["", f"## {REGIME_TITLES[regime]}", "", *_about(of_regime), "", *_table(of_regime, tools)]
    return "\n".join([*parts, "", "## What may be said", "", *_claims(rows, tools)]) + "\n"


def _of(rows: Sequence[Row], reading: Reading) -> list[Row]:
    return [row for row in rows if (row["tool"], row["rule"]) == reading]


def _table(rows: Sequence[Row], tools: dict[str, Tool]) -> Iterator[str]:
    shares = planted_shares(rows)
    seen_heads = "".join(f"{100 * one:g} % seen | " for one in shares)
    yield f"| tool, read by | false alarms | {seen_heads}ratio off the truth | wall time |"
    yield "| --- | --- | " + "--- | " * len(shares) + "--- | --- |"
    for reading in readings(rows, tools):
        mine = _of(rows, reading)
        off = [abs(row["ratio"] / (1 + row["planted"]) - 1) for row in mine]
        apart = f"{100 * statistics.median(off):.1f} %, at most {100 * max(off):.0f} %"
        took = f"{statistics.median(row['took_s'] for row in mine):.0f} s"
        cells = [str(alarms(rows, reading)), *(str(seen(rows, reading, one)) for one in shares), apart, took]
        yield f"| {tools[reading[0]].title}: {reading[1]} | " + " | ".join(cells) + " |"


def _enough(rows: Sequence[Row]) -> Iterator[str]:
    """What the numbers of trials allow to be said."""
    counts = [alarms(rows, one).of for one in dict.fromkeys((row["tool"], row["rule"]) for row in rows)]
    least_and_most = " to ".join(str(one) for one in dict.fromkeys((min(counts), max(counts))))
    days = sorted({row["made"] for row in rows})
    budgets = ", ".join(f"{one:g} s" for one in sorted({row["budget_s"] for row in rows}))
    sides = ", ".join(sorted({row["side"] for row in rows}))
    made = f"Made {' to '.join(dict.fromkeys((days[0], days[-1])))}, with {budgets} for a trial; steps of: {sides}."
    few = f" **Too few trials of identical programs to say much: {least_and_most} a tool.**"
    yield made + (few if min(counts) < FEWEST else "")


def _how(rows: Sequence[Row], tools: dict[str, Tool]) -> Iterator[str]:
    yield from ("", "| tool | used like this |", "| --- | --- |")
    for name, tool in tools.items():
        versions = ", ".join(sorted({row["version"] for row in rows if row["tool"] == name} - {""}))
        ran = any(row["tool"] == name for row in rows)
        why = "" if ran else f" **Not run here{f': needs {tool.needs}' if tool.needs else ''}.**"
        yield f"| {f'{tool.title} {versions}'.strip()} | {tool.about}{why} |"


def _about(rows: Sequence[Row]) -> Iterator[str]:
    cores = [row["other_cores"] for row in rows]
    loads = [row["load_before"] for row in rows]
    yield (
        f"Other programs kept {min(cores):.1f} to {max(cores):.1f} cores busy, {statistics.median(cores):.1f} in the "
        f"median; the load average before a trial was {min(loads):.1f} to {max(loads):.1f}."
    )


def _claims(rows: Sequence[Row], tools: dict[str, Tool]) -> Iterator[str]:
    """What was to be reached, tool by tool: shown, or not yet."""
    ours = next((alarms(rows, one) for one in readings(rows, tools) if one[0] == OURS), Rate(0, 0))
    for tool, rule in readings(rows, tools):
        if tool == OURS:
            continue
        theirs = alarms(rows, (tool, rule))
        share, claim = (
            (0.1, "at most a tenth of the alarms of") if tool == PLAIN_PROTOCOL else (1.0, "fewer alarms than")
        )
        shown = "shown" if at_most(ours, theirs, share) else "not shown"
        yield f"- {claim} {tools[tool].title} ({rule}): {shown}; {ours} against {theirs}."


REGIME_TITLES = {
    "idle": "An idle machine",
    "busy": "A machine that was to be idle, and was not",
    "hog": "A neighbour that keeps one core busy",
    "bursts": "A neighbour that works now and then",
}
INTRODUCTION = """# The scoreboard: five ways of timing, on programs whose answer is known

`python -m benchmarks.scoreboard` wrote this page. Two programs take training steps of the first task: the same program
twice, or one that takes some steps more for every 100. Each tool is given the same wall time, start-ups included, one
thread, and the order of the two is drawn anew for every trial. A *false alarm* is any difference between identical
programs; *seen* is that the slowed one is called slower, whatever the ratio that is told, so that a tool which finds
differences everywhere sees all that is planted; how far the ratio is off what was planted stands beside it, in the
median and at most. Intervals are Clopper and Pearson's at 95 %. A trial on an idle machine is called busy where
strangers kept more than 0.3 cores at work.
"""
