"""What of a proof is right, and the sums."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from benchmarks.trapbench.detectors import DETECTORS

from paragone.records import Pair

Row = Mapping[str, Any]


def layer_names(code: str, names: Iterable[str], lines: Mapping[int, str]) -> dict[str, str]:
    """The canonical names of a task's layers, by the lines on which a side makes them."""
    found = {}
    rows = code.splitlines()
    for name in names:
        making = re.compile(rf'self\.{re.escape(name)} = |name="{re.escape(name)}"')
        for number, row in enumerate(rows, start=1):
            if making.search(row):
                near = [line for line in lines if abs(line - number) <= 8]
                if near:
                    found[name] = lines[min(near, key=lambda line: abs(line - number))]
                break
    return found


def judge(pair: Pair | None, causes: tuple[str, ...], layers: tuple[str, ...], names: Mapping[str, str]) -> Row:
    """What of the proof of a planted trap is right; `layer` is None where no layer is in particular.

    Args:
        pair: the proof's record, or None where there is none.
        causes: what must be named; empty where the catalogue's row has no name in the program, which counts as wrong.
        layers: the task's layers, of which one must be told.
        names: what they are called in the proof.
    """
    if pair is None:
        return {"different": False, "layer": False if layers else None, "cause": False, "all": False}
    told = [cause.trap for cause in pair.causes]
    place = pair.located.layer if pair.located else ""
    wanted = {names.get(layer, layer) for layer in layers}
    return {
        "different": pair.verdict == "different",
        "layer": place in wanted if layers else None,
        "cause": bool(told) and told[0] in causes,
        "all": bool(causes) and set(causes) <= set(told),
    }


def told(pair: Pair | None) -> Row:
    """What the proof said, in short."""
    if pair is None:
        return {"verdict": "refused", "rung": "", "place": "", "causes": [], "unexplained": ""}
    rung = next((one.name for one in pair.rungs if one.verdict == "different" and not one.ignored), "")
    return {
        "verdict": pair.verdict,
        "rung": rung,
        "place": pair.located.layer if pair.located else "",
        "causes": [cause.trap for cause in pair.causes],
        "unexplained": pair.unexplained[:200],
    }


def share(rows: Iterable[Row], key: str) -> tuple[int, int]:
    """How many are right, of how many that can be."""
    values = [row[key] for row in rows if row.get(key) is not None]
    return sum(bool(value) for value in values), len(values)


def detector_rows(planted: Iterable[Row], clean: Iterable[Row]) -> dict[str, tuple[int, int, int, int]]:
    """For each detector: traps seen, of how many; false alarms, of how many. Only rows count that it could be asked."""
    planted, clean = list(planted), list(clean)
    found = {}
    for name in DETECTORS:
        told = [[row["detectors"][name] for row in rows if row["detectors"][name] is not None]
                for rows in (planted, clean)]  # fmt: skip
        found[name] = sum(told[0]), len(told[0]), sum(told[1]), len(told[1])
    return found
