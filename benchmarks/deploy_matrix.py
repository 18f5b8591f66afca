"""The matrix of ready tasks × frameworks × targets: `python benchmarks/deploy_matrix.py [TASK …]`.

With `--install` targets and writers whose packages are missing get environments of their own, which needs the network.
Each task is deployed by `paragone deploy` into `runs/deploy-TASK`, where an interrupted run goes on; what came of every
cell is written to docs/results/deploy.md and deploy.json. With `--to` only the cells of some targets are made anew.
"Determined" are cells with figures or with a reason; those that "ran" had every kind of input computed by their
runtime.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from paragone.records.artifact import RAN
from paragone.report.figures import seconds

RESULTS = Path(__file__).resolve().parents[1] / "docs" / "results"
TASKS = ("digits-mlp", "digits-cnn", "text-lstm", "text-gpt", "shapes-unet", "recommender")
_MARKS = {
    "same": "same",
    "less precise": "less precise",
    "different": "different",
    "quantised": "int8",
    "refused": "–",
    "failed": "fails",
    "not run": "not run",
}


_FIELDS = (
    *("side", "target", "verdict", "why", "note", "max_rel", "where", "accuracy", "size_bytes"),
    *("cold_start_s", "peak_memory_bytes", "latency_s", "throughput_per_s", "throughput_batch", "processes"),
)


def main() -> None:
    """Deploy what was asked for and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tasks", nargs="*", default=TASKS)
    parser.add_argument("--install", action="store_true", help="make environments that are missing")
    parser.add_argument("--processes", default="3", help="that time every artifact")
    parser.add_argument("--to", default="", help="targets whose cells are made anew, with commas; without it all")
    given = parser.parse_args()
    more = [*(["--install"] if given.install else []), "--processes", given.processes]
    for task in given.tasks:
        kept = _kept()
        made = _deployed(task, [*more, *(["--to", given.to] if given.to else [])])
        kept[task] = with_cells(kept[task], made) if given.to and task in kept else made
        (RESULTS / "deploy.json").write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        (RESULTS / "deploy.md").write_text(page(kept), encoding="utf-8")
        print(task, dict(Counter(one["verdict"] for one in kept[task]["cells"])), flush=True)


def _kept() -> dict[str, Any]:
    path = RESULTS / "deploy.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _deployed(task: str, more: list[str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "paragone.cli", "deploy", task, "--out", f"runs/deploy-{task}", "--json"]
    done = subprocess.run([*command, "--no-history", "--quiet", *more], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return kept_of(json.loads(done.stdout))


def kept_of(run: dict[str, Any]) -> dict[str, Any]:
    """What is kept of a run's record."""
    cells = [{name: one[name] for name in _FIELDS} for one in run["artifacts"]]
    machine = run["machine"]
    return {
        "date": run["created"][:10],
        "wall_s": run["duration_s"],
        "machine": f"{machine['cpu']}, {machine['cores']} cores",
        "load_before": machine["load_before"],
        "cells": cells,
    }


def with_cells(before: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
    """What is kept of a task, with the cells of a later run, which have its date, in the place of their forerunners."""
    later = {(one["side"], one["target"]): one | {"date": made["date"]} for one in made["cells"]}
    return before | {"cells": [later.get((one["side"], one["target"]), one) for one in before["cells"]]}


def page(kept: dict[str, Any]) -> str:
    """The page: what ran, a matrix for each framework, and every reason."""
    cells = [one | {"task": task} for task in TASKS if task in kept for one in kept[task]["cells"]]
    tasks = [task for task in TASKS if task in kept]
    ran = sum(one["verdict"] in RAN for one in cells)
    known = sum(one["verdict"] in RAN or bool(one["why"]) for one in cells)
    loads = [kept[task]["load_before"] for task in tasks]
    dates = sorted({one.get("date", kept[one["task"]]["date"]) for one in cells})
    lines = [
        "# What arrives: ready tasks in every target",
        "",
        "`python benchmarks/deploy_matrix.py` wrote this page: each cell is a side of a ready task, trained for 100",
        "steps, written, and run by the target's own runtime ([how](../deploy.md)). A dash: a framework does not",
        "write what the target reads, or not for this model; every reason stands below. Beside the verdict:",
        "how far the artifact is from its side, and the median request.",
        "",
        f"Made {' to '.join(dict.fromkeys((dates[0], dates[-1])))} on {kept[tasks[0]]['machine']}, in "
        f"{sum(kept[task]['wall_s'] for task in tasks) / 60:.0f} minutes.",
        f"Before each task the machine's load was {_between(loads)}; processes that timed an artifact: "
        f"{_between([len(one['processes']) for one in cells if one['processes']])}.",
        "A machine that is at work says little of times, and nothing else of verdicts.",
        f"{known} of {len(cells)} cells are determined, {ran} ran ({100 * ran / len(cells):.0f} %).",
    ]
    for side in dict.fromkeys(one["side"] for one in cells):
        lines += ["", f"## {side}", "", *_matrix(side, tasks, cells)]
    return "\n".join([*lines, "", "## Reasons", "", *_reasons(cells), ""])


def _between(values: list[float]) -> str:
    low, high = min(values), max(values)
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _matrix(side: str, tasks: list[str], cells: list[dict[str, Any]]) -> list[str]:
    found = {(one["target"], one["task"]): one for one in cells if one["side"] == side}
    targets = dict.fromkeys(target for target, _ in found)
    rows = [
        [f"`{target}`", *(_cell(found.get((target, task))) for task in tasks)]
        for target in targets
        if any(found[target, task]["verdict"] != "refused" for task in tasks if (target, task) in found)
    ]
    head = ["target", *tasks]
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]


def _cell(one: dict[str, Any] | None) -> str:
    if one is None:
        return ""
    mark = _MARKS[one["verdict"]]
    if one["max_rel"] is None or one["verdict"] not in RAN:
        return mark
    took = one["latency_s"]
    return f"{mark}, {one['max_rel']:.0e}" + (f"; {seconds(took['p50'])}" if took else "")


def _reasons(cells: list[dict[str, Any]]) -> list[str]:
    """Each reason once, with the cells that it is of."""
    of: dict[str, list[str]] = {}
    for one in cells:
        if said := one["why"] or one.get("note"):
            why = " ".join(said.split()).replace("|", "\\|")
            of.setdefault(why, []).append(f"{one['task']} {one['side']} `{one['target']}`")
    return [f"- {', '.join(where)}: {why}" for why, where in of.items()]


if __name__ == "__main__":
    main()
