"""Whether our latencies are those of the runtimes' own benchmarks: `python benchmarks/deploy_tools.py [TASK …]`.

The same artifacts are timed by the process that times them in `paragone deploy` and by the tool that the runtime's
makers ship, in rounds, each round in an order that is drawn anew: `onnxruntime.tools.onnxruntime_test` (mean),
OpenVINO's `benchmark_app` (mean, of its requests a second; one request at a time, in float32) and `litert-benchmark`
(median; one thread). Models have one input of floating numbers, since the tools make up what they ask. What came of it
is written to docs/results/deploy_tools.md and deploy_tools.json.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median
from typing import Any

import numpy as np
from scipy import stats

from paragone.deploy.environments import environment_of
from paragone.deploy.runtime import ONE, REQUESTS, timed
from paragone.deploy.target import targets
from paragone.report.figures import seconds

RESULTS = Path(__file__).resolve().parents[1] / "docs" / "results"
_SCRIPTS = Path(sys.executable).parent
_RUNS = 2000
_Shapes = Mapping[str, Sequence[int]]


def onnxruntime_test(folder: Path, _shapes: _Shapes, _scratch: Path) -> float:
    """Mean seconds of a request, of ONNX Runtime's own tool."""
    said = _said("-m", "onnxruntime.tools.onnxruntime_test", str(folder / "model.onnx"), str(_RUNS))
    return float(_number(r"avg latency: ([0-9.e-]+) ms", said)) / 1000


def benchmark_app(folder: Path, shapes: _Shapes, _scratch: Path) -> float:
    """Mean seconds of a request, of OpenVINO's own tool."""
    (shape,) = shapes.values()  # of models with one input
    given = f"[{','.join(map(str, shape))}]"
    said = _said(
        *(str(_SCRIPTS / "benchmark_app"), "-m", str(folder / "model.onnx"), "-d", "CPU", "-hint", "none"),
        *("-api", "sync", "-nireq", "1", "-t", "1", "-data_shape", given, "-infer_precision", "f32"),
    )
    return 1 / float(_number(r"Throughput:\s+([0-9.]+) FPS", said))


def litert_benchmark(folder: Path, _shapes: _Shapes, scratch: Path) -> float:
    """Median seconds of a request, of LiteRT's own tool."""
    answer = scratch / "litert.json"
    tool = (str(_SCRIPTS / "litert-benchmark"), "--model", str(folder / "model.tflite"))
    _said(*tool, "--num_runs", str(_RUNS), "--warmup_runs", "200", "--result_json", str(answer))
    return float(_found(json.loads(answer.read_text(encoding="utf-8")), "median")) / 1000


@dataclass(frozen=True)
class Tool:
    """A runtime's own benchmark, and which figure of our samples it gives."""

    name: str
    run: Callable[[Path, _Shapes, Path], float]
    figure: Callable[[Sequence[float]], float]


TOOLS = {
    "onnxruntime": Tool("onnxruntime_test", onnxruntime_test, fmean),
    "openvino_float32": Tool("benchmark_app", benchmark_app, fmean),
    "litert": Tool("litert-benchmark", litert_benchmark, median),
}


def main() -> None:
    """Deploy, time in turns, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tasks", nargs="*", default=["digits-cnn", "shapes-unet"])
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    path = RESULTS / "deploy_tools.json"
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for task in given.tasks:
        kept[task] = compared(task, given.rounds)
        path.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        (RESULTS / "deploy_tools.md").write_text(page(kept), encoding="utf-8")


def compared(task: str, rounds: int) -> dict[str, Any]:
    """Seconds of a request of every cell in each round, by us and by the tool."""
    out = Path("runs") / f"tools-{task}"
    command = [sys.executable, "-m", "paragone.cli", "deploy", task, "--to", ",".join(TOOLS), "--json"]
    told = [*command, "--out", str(out), "--no-history", "--quiet", "--processes", "1"]
    run = json.loads(subprocess.run(told, capture_output=True, text=True, check=True).stdout)
    cells = [one for one in run["artifacts"] if one["latency_s"]]
    dice, known = random.Random(0), targets()
    scratch = out / "tools"
    scratch.mkdir(exist_ok=True)
    rows = [{"side": one["side"], "target": one["target"], "ours_s": [], "tool_s": []} for one in cells]
    for number in range(rounds):
        turns = [(place, who) for place in range(len(cells)) for who in ("ours_s", "tool_s")]
        for place, who in dice.sample(turns, k=len(turns)):
            cell, tool = cells[place], TOOLS[cells[place]["target"]]
            folder = (out / cell["folder"]).resolve()
            if who == "tool_s":
                took = tool.run(folder, _shapes_of(folder), scratch.resolve())
            else:
                environment = environment_of(known[cell["target"]], install=False, say=print)
                said = timed(environment, folder / cell["script"], folder, scratch.resolve(), scratch / "log.txt")
                took = tool.figure(said["latency_s"])
            rows[place][who].append(took)
        print(f"{task}: round {number + 1} of {rounds}", flush=True)
    machine = run["machine"]
    about = {"date": run["created"][:10], "machine": f"{machine['cpu']}, {machine['cores']} cores"}
    return {**about, "load_before": machine["load_before"], "rows": rows}


def _shapes_of(folder: Path) -> dict[str, list[int]]:
    with np.load(folder / REQUESTS, allow_pickle=False) as saved:
        return {name.split("/")[1]: list(saved[name].shape) for name in saved.files if name.startswith(f"{ONE}/")}


def _said(*command: str) -> str:
    whole = [sys.executable, *command] if command[0] == "-m" else [*command]
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "2"}
    done = subprocess.run(whole, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        raise SystemExit(f"{' '.join(whole)} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout + done.stderr


def _number(pattern: str, said: str) -> str:
    found = re.search(pattern, said)
    if found is None:
        raise SystemExit(f"no figure in what the tool said:\n{said}")
    return found[1]


def _found(answer: Any, name: str) -> float:
    """The first number under a key that has this name in it."""
    for key, value in answer.items():
        if isinstance(value, Mapping):
            return _found(value, name)
        if name in key:
            return float(value)
    raise SystemExit(f"no {name} in {answer}")


def page(kept: Mapping[str, Any]) -> str:
    """A row for each cell: both figures and their ratio with its interval."""
    lines = [
        *("# Our latencies beside the runtimes' own benchmarks", ""),
        "`python benchmarks/deploy_tools.py` wrote this page: the same artifact, one sample at a time, timed by the",
        "process of `paragone deploy` and by the tool that the runtime's makers ship, in turns. Of ONNX Runtime and",
        "OpenVINO the means are compared, of LiteRT the medians, as the tools tell them. A ratio of 1.1: ours is 10 %",
        "longer. Its interval (95 %, Student's t on the logarithms) is over rounds, a process of each in every round.",
    ]
    for task, one in kept.items():
        lines += ["", f"## {task}", "", f"Made {one['date']} on {one['machine']}; load before: {one['load_before']:g}."]
        lines += ["", "| side | target | tool | ours | the tool's | ratio |", "| --- | --- | --- | --- | --- | --- |"]
        lines += [_row(row) for row in one["rows"]]
    return "\n".join([*lines, ""])


def _row(row: Mapping[str, Any]) -> str:
    logs = np.log(row["ours_s"]) - np.log(row["tool_s"])
    half = stats.t.ppf(0.975, len(logs) - 1) * logs.std(ddof=1) / np.sqrt(len(logs)) if len(logs) > 1 else np.inf
    low, mid, high = np.exp([logs.mean() - half, logs.mean(), logs.mean() + half])
    both = " | ".join(seconds(float(np.exp(np.log(row[who]).mean()))) for who in ("ours_s", "tool_s"))
    tool = TOOLS[row["target"]].name
    return f"| {row['side']} | `{row['target']}` | `{tool}` | {both} | {mid:.2f} ({low:.2f} to {high:.2f}) |"


if __name__ == "__main__":
    main()
