"""Proves the large models that people know, written by hand with plain defaults: causes, distances, cost.

`python benchmarks/large_models/run.py [vgg16|resnet50|densenet121 …] [--sides torch,keras] [--rungs …] [--steps N]`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
MODELS = ("vgg16", "resnet50", "densenet121")
ONE_STEP = "structure,initialisation,forward,loss,gradients,step"
_TICKS = os.sysconf("SC_CLK_TCK")
_EVERY_S = 0.25


def main() -> None:
    """Prove what was asked for and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="*", default=MODELS)
    parser.add_argument("--sides", default="torch,keras")
    parser.add_argument("--rungs", default=ONE_STEP)
    parser.add_argument("--steps", type=int, default=1)
    given = parser.parse_args()
    for model in given.models:
        print(text(proven(model, given.sides.split(","), given.rungs, given.steps)), flush=True)


def proven(model: str, sides: list[str], rungs: str, steps: int) -> dict[str, Any]:
    """The row of one proof."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "paragone.cli", "prove", *(str(HERE / model / f"{s}_side.py") for s in sides)]
        command += ["--data", f"{HERE / 'data.py'}:images", "--dtype", "float64", "--rungs", rungs, "--no-worth"]
        command += ["--steps", str(steps), "--out", f"{folder}/run", "--json"]
        began, before = time.perf_counter(), os.getloadavg()[0]
        output, errors = Path(folder, "output"), Path(folder, "errors")
        with output.open("w") as out, errors.open("w") as err:
            process = subprocess.Popen(command, stdout=out, stderr=err)
            used = _watched(process)
        elapsed_s = time.perf_counter() - began
        if process.returncode not in (0, 1):
            raise SystemExit(errors.read_text(encoding="utf-8"))
        said = json.loads(output.read_text(encoding="utf-8"))
    proof = said.get("proof", said)
    corrected = proof["corrected"]
    return {
        **{"model": model, "sides": sides, "rungs": rungs, "date": f"{datetime.now(UTC):%Y-%m-%d}"},
        **{"wall_s": elapsed_s, "load_before": before, "processes": used, "machine": _machine()},
        "pairs": [_pair(pair, next(one for one in corrected if _same(one, pair))) for pair in proof["pairs"]],
    }


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return (one["a"], one["b"]) == (other["a"], other["b"])


def _pair(pair: dict[str, Any], corrected: dict[str, Any]) -> dict[str, Any]:
    return {
        **{key: pair[key] for key in ("a", "b", "verdict", "unexplained")},
        "causes": [[c["trap"], c["row"], c["where"], c["a"], c["b"], c["explains"]["rung"]] for c in pair["causes"]],
        "apart": {rung["name"]: rung["max_rel"] for rung in pair["rungs"]},
        "corrected": corrected["verdict"],
        "corrected_apart": {rung["name"]: rung["max_rel"] for rung in corrected["rungs"]},
    }


def _machine() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")
    return f"{name}, {len(os.sched_getaffinity(0))} cores"


# ---------------------------------------------------------------------- what the processes use


def _watched(process: subprocess.Popen[bytes]) -> dict[str, dict[str, float]]:
    """CPU seconds and peak memory of the orchestrator and of every worker, by its name, until the first one ends."""
    used: dict[str, dict[str, float]] = {}
    while process.poll() is None:
        for pid in (process.pid, *_children(process.pid)):
            _note(used, pid, "orchestrator" if pid == process.pid else "")
        time.sleep(_EVERY_S)
    return used


def _children(parent: int) -> list[int]:
    try:
        names = Path(f"/proc/{parent}/task").iterdir()
        return [int(pid) for task in names for pid in (task / "children").read_text(encoding="utf-8").split()]
    except OSError:
        return []


def _note(used: dict[str, dict[str, float]], pid: int, name: str) -> None:
    try:
        name = name or Path(os.readlink(f"/proc/{pid}/fd/1")).stem
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return
    peak_kib = next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)
    if name != "null" and peak_kib:
        used[name] = {"cpu_s": (int(fields[11]) + int(fields[12])) / _TICKS, "peak_mib": peak_kib / 1024}


# ---------------------------------------------------------------------- what is shown


def text(row: dict[str, Any]) -> str:
    """A row in words."""
    lines = [f"{row['model']}: {', '.join(row['sides'])}; {row['wall_s']:.0f} s; load {row['load_before']:.1f} before"]
    for name, used in row["processes"].items():
        lines.append(f"  {name}: {used['cpu_s']:.0f} CPU s, peak {used['peak_mib']:.0f} MiB")
    for pair in row["pairs"]:
        lines.append(f"  {pair['a']} and {pair['b']}: {pair['verdict']}; {pair['unexplained'] or 'all explained'}")
        lines += [f"    {trap} ({number}) at {rung}: {where}: {a} against {b}" for trap, number, where, a, b, rung in
                  pair["causes"]]  # fmt: skip
        for heading, name in (("apart", "apart"), (f"corrected: {pair['corrected']}", "corrected_apart")):
            found = ", ".join(f"{rung} {far:.2g}" for rung, far in pair[name].items() if far is not None)
            lines.append(f"    {heading}: {found}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
