"""Ready tasks behind the servers that people use, under load: `python benchmarks/deploy_load.py [TASK …]`.

`paragone deploy` starts every server anew for each of five runs and offers it every rate
(docs/deploy.md#under-load). What came of it is written to docs/results/load.md, load.json and load-TASK.svg. With
`--install` servers whose packages are missing get environments of their own, which needs the network.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from paragone.records import Load, ServerLoad
from paragone.report.figures import number, percent, seconds
from paragone.report.loaded import QUANTITIES, Spread, at, how_loaded, of_runs, told_load
from paragone.report.phrases import plain

RESULTS = Path(__file__).resolve().parents[1] / "docs" / "results"
SERVERS = ("tf_serving_rest", "tf_serving_grpc", "litserve", "ray_serve", "bentoml")
RATES = ("10", "50", "200")
_COLOURS = {
    "tf_serving_rest": "#0f62fe",
    "tf_serving_grpc": "#8a3ffc",
    "litserve": "#198038",
    "ray_serve": "#b28600",
    "bentoml": "#da1e28",
}


def main() -> None:
    """Deploy what was asked for, put it under load, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tasks", nargs="*", default=["digits-cnn"])
    parser.add_argument("--install", action="store_true", help="make environments that are missing")
    parser.add_argument("--rates", default=",".join(RATES), help="requests a second")
    parser.add_argument("--seconds", default="4", help="at each rate")
    given = parser.parse_args()
    more = [*(["--install"] if given.install else []), "--load", given.rates, "--load-seconds", given.seconds]
    for task in given.tasks:
        path = RESULTS / "load.json"
        kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        kept[task] = loaded(task, more)
        path.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        write(kept, RESULTS)


def loaded(task: str, more: Sequence[str]) -> dict[str, Any]:
    """Put one task under load; what is kept of the run's record."""
    command = [sys.executable, "-m", "paragone.cli", "deploy", task, "--to", ",".join(SERVERS), "--json"]
    told = [*command, "--out", f"runs/load-{task}", "--no-history", "--quiet", "--processes", "1", *more]
    done = subprocess.run(told, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    run = json.loads(done.stdout)
    machine = run["machine"]
    return {
        "date": run["created"][:10],
        "machine": f"{machine['cpu']}, {machine['cores']} cores",
        "load_before": machine["load_before"],
        "load": run["load"],
    }


def write(kept: Mapping[str, Any], folder: Path) -> None:
    """The page and its plots, of what is kept."""
    loads = {task: Load.model_validate(one["load"]) for task, one in kept.items()}
    (folder / "load.md").write_text(page(kept, loads), encoding="utf-8")
    for task, load in loads.items():
        save_plot(load, folder / f"load-{task}.svg")


def page(kept: Mapping[str, Any], loads: Mapping[str, Load]) -> str:
    """What was offered, what can be said, a plot and a table, task by task."""
    lines = ["# Servers under load", "", "`python benchmarks/deploy_load.py` wrote this page", ""]
    lines[2] += " ([how](../deploy.md#under-load))."
    for task, load in loads.items():
        of = kept[task]
        made = f"Made {of['date']} on {of['machine']}; the machine's load before was {of['load_before']:g}."
        lines += [f"## {task}", "", made, how_loaded(load), ""]
        lines += [f"- {plain(told)}" for told in told_load(load)]
        lines += [f"- {note}" for note in dict.fromkeys(one.note for one in load.servers) if note]
        lines += ["", f"![Time of a request against requests a second](load-{task}.svg)", "", *_table(load), ""]
    return "\n".join(lines)


def _table(load: Load) -> Iterator[str]:
    head = ("side", "server", "requests a second", "p50, and over the runs", "p99, and over the runs", "answered")
    yield f"| {' | '.join(head)} |"
    yield f"| {' | '.join(['---'] * len(head))} |"
    for server in load.servers:
        for rate in load.rates_per_s:
            runs = at(server, rate)
            if sent := sum(one.sent for one in runs):
                times = [_told(of_runs(server, rate, quantity)) for quantity in QUANTITIES]
                answered = percent(sum(one.answered for one in runs) / sent)
                yield f"| {' | '.join((server.side, server.title, number(rate), *times, answered))} |"


def _told(found: Spread | None) -> str:
    return f"{seconds(found.mid)} ({seconds(found.low)} to {seconds(found.high)})" if found else "–"


def save_plot(load: Load, path: Path) -> None:
    """A row of panels for each side, p50 beside p99; the same record gives the same file."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    sides = list(dict.fromkeys(one.side for one in load.servers))
    with mpl.rc_context({"svg.hashsalt": "load", "svg.fonttype": "path", "font.size": 9}):
        figure = Figure(figsize=(7.2, 2.4 * len(sides)), layout="constrained", facecolor="white")
        grid = figure.subplots(len(sides), 2, sharex=True, sharey=True, squeeze=False)
        for row, side in zip(grid, sides, strict=True):
            for axis, quantity in zip(row, QUANTITIES, strict=True):
                axis.set_title(f"{side}, {quantity}", loc="left", fontsize=9)
                for server in (one for one in load.servers if one.side == side):
                    _curve(axis, server, [(rate, of_runs(server, rate, quantity)) for rate in load.rates_per_s])
                _finish(axis, load.rates_per_s)
            row[0].set_ylabel("seconds a request")
        grid[0][0].legend(fontsize=7, frameon=False)
        for axis in grid[-1]:
            axis.set_xlabel("requests a second")
        figure.savefig(path, format="svg", metadata={"Date": None})


def _curve(axis: Any, server: ServerLoad, times: Sequence[tuple[float, Spread | None]]) -> None:
    known = [(rate, found) for rate, found in times if found]
    mids = [found.mid for _, found in known]
    reach = [[found.mid - found.low for _, found in known], [found.high - found.mid for _, found in known]]
    style = {"marker": "o", "markersize": 3, "linewidth": 1, "capsize": 2, "color": _COLOURS.get(server.target)}
    axis.errorbar([rate for rate, _ in known], mids, reach, label=server.title, **style)


def _finish(axis: Any, rates: Sequence[float]) -> None:
    axis.set_xscale("log")
    axis.set_yscale("log")
    axis.set_xticks(rates, [number(rate) for rate in rates])
    axis.minorticks_off()
    axis.grid(axis="y", linewidth=0.4, color="#d0d4da")
    axis.spines[["top", "right"]].set_visible(False)


if __name__ == "__main__":
    main()
