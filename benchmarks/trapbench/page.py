"""docs/results/trapbench.md from the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from benchmarks.trapbench.ledger import PATH
from benchmarks.trapbench.score import Row, detector_rows, share
from benchmarks.trapbench.traps import traps

from paragone.trials import write_whole

PAGE = PATH.with_suffix(".md")
Rows = Mapping[str, Mapping[str, Row]]
_HEAD = """# TrapBench

Traps of the [catalogue](../traps.md) planted in [ready tasks](../tasks/index.md), and pairs that are the same beside
them. A host whose name has a `+` is a ready task with a change, for example another optimizer. Each proof is that of
`paragone prove A B --no-worth --dtype float64 --steps 10` on files without any hint of where they come from.
`make trapbench` goes on where `trapbench.json` ends;
`python -m benchmarks.trapbench again WORD` runs the rows again that have the word in their names, `stale` those of
another program: a row says with which `program` it was proven, and is not run again by itself when that changes.
"""
_MEANING = """
"First layer" is counted where a trap has one (not for optimizers, losses and starts); it must be the layer that was
changed, or for what follows a layer that layer or the next. "Right cause first" counts a row of the catalogue that has
no name in the program as wrong. The simple detectors are given both sides' values in float64 from the same weights, so
no rounding hides anything from them; rows count for them where both sides gave the same kinds of values. Group K is of
differences that are no row of the catalogue: a temperature, another loss, a frozen layer.
"""


def write_page(rows: Rows) -> None:
    """Write the page."""
    write_whole(PAGE, page(rows).encode())


def page(rows: Rows) -> str:
    """Its text."""
    planted, two, clean = (list(rows[kind].values()) for kind in ("planted", "two", "clean"))
    planned = sum(len(trap.hosts) for trap in traps())
    done = f"\n{len(planted)} of {planned} planted variants, {len(two)} pairs of causes and {len(clean)} equal pairs"
    done += " have been run.\n\n"
    parts = [_HEAD, done, _table(("", "right", "of", "share"), _sums(planted, two, clean)), _MEANING]
    parts += ["\n## Who sees what\n\n", _table(("detector", "traps seen", "false alarms"), _who(planted, clean))]
    parts += ["\n## By group\n\n", _table(("group", "rows", "hosts", "variants", "different", "layer", "cause"),
                                          _groups(planted))]  # fmt: skip
    wrong = _wrong(rows)
    told = _table(("variant", "wrong", "what was said"), wrong) if wrong else "None of these rows.\n"
    return "".join([*parts, "\n## What is wrong\n\n", told])


def _sums(planted: list[Row], two: list[Row], clean: list[Row]) -> list[tuple[str, ...]]:
    wanted = (
        ("planted traps found different", planted, "different"),
        ("first layer right", planted, "layer"),
        ("right cause first", planted, "cause"),
        ("two causes at once, both named", two, "all"),
        ("equal sides proven the same", clean, "same"),
    )
    return [(name, *_counted(share(rows, key))) for name, rows, key in wanted]


def _counted(counts: tuple[int, int]) -> tuple[str, str, str]:
    right, total = counts
    return str(right), str(total), f"{100 * right / total:.1f} %" if total else ""


def _who(planted: list[Row], clean: list[Row]) -> list[tuple[str, ...]]:
    ours, total = share(planted, "different")
    alarms = sum(row["told"]["verdict"] == "different" for row in clean)
    rows = [("Paragone", f"{ours} of {total}", f"{alarms} of {len(clean)}")]
    for name, (hits, all_planted, false, all_clean) in detector_rows(planted, clean).items():
        rows.append((name, f"{hits} of {all_planted}", f"{false} of {all_clean}"))
    return rows


def _groups(planted: list[Row]) -> list[tuple[str, ...]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in planted:
        groups[row["row"][0]].append(row)
    return [
        (
            group,
            ", ".join(sorted({row["row"] for row in rows}, key=lambda name: int(name[1:]))),
            str(len({row["host"] for row in rows})),
            str(len(rows)),
            *("{} of {}".format(*share(rows, key)) for key in ("different", "layer", "cause")),
        )
        for group, rows in sorted(groups.items())
    ]


def _wrong(rows: Rows) -> list[tuple[str, ...]]:
    found = []
    for kind in ("planted", "two", "clean"):
        for name, row in sorted(rows[kind].items()):
            wrong = [key for key in ("different", "layer", "cause", "all", "same") if row.get(key) is False]
            if kind == "planted" and "all" in wrong and len(row["wanted"]) < 2:
                wrong.remove("all")
            if wrong:
                found.append((name, ", ".join(wrong), _said(row)))
    return found


def _said(row: Row) -> str:
    said: Mapping[str, Any] = row["told"]
    parts = [said["verdict"], said["rung"] and f"at {said['rung']}", said["place"] and f"in {said['place']}"]
    parts += [f"causes: {', '.join(said['causes']) or 'none'}", said["unexplained"][:120], row["failure"][:160]]
    return "; ".join(part for part in parts if part).replace("\n", " ").replace("|", "/")


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = tuple(head)
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"
