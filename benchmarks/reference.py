"""Make the runs that ship with Paragone, which claims rest on where the user has no run of their own: `make reference`.

`python -m benchmarks.reference [NAME ...] [--budget SECONDS] [--scratch DIR] [--into DIR]`

One run after the other, as a user would make it: `paragone compare` of all three frameworks, on both tracks, with the
targets that profiles and claims ask for; and of these beside Keras on its other backends. Targets that need more than
the tested set get an environment of their own, which needs the network the first time. What is left of each, in
`src/paragone/choose/reference/NAME.json`, is its record without raw samples, with the machine, the date and the
versions.

Run it on an idle machine of two cores: it takes about 70 minutes. It goes on where it was interrupted: a run whose
record is there is not made again, unless it is named, and one that was begun goes on in its folder in DIR.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from paragone.records import Artifact, Pair, Proof, Run, Side, Timings
from paragone.saved import read_run

ROOT = Path(__file__).parents[1]
INTO = ROOT / "src/paragone/choose/reference"
SCRATCH = ROOT / "runs/reference"
BUDGET_S = 300.0
BUSY = 0.5
"""A load from before that is above this is told: times from a busy machine are worth little."""
TARGETS = (
    *("onnxruntime", "onnxruntime_int8", "openvino", "openvino_float32", "tensorflow", "torch_export", "aot_inductor"),
    *("jax_export", "litert", "litert_int8", "executorch", "tflite_micro", "tflite_micro_int8", "litserve"),
    "tf_serving_rest",
)
FIRST_TASK = tuple(f"examples/first_task/{name}_side.py" for name in ("keras", "torch", "jax"))
_EVERYTHING = ("--track", "idiomatic", "--track", "tuned", "--to", ",".join(TARGETS), "--install")
_BACKENDS = ("--keras-backend", "torch,jax")
RUNS: dict[str, tuple[str, ...]] = {
    "first-task": (*FIRST_TASK, "--data", "digits", *_EVERYTHING),
    "digits-cnn": ("digits-cnn", *_EVERYTHING),
    "text-lstm": ("text-lstm", *_EVERYTHING),
    "text-gpt": ("text-gpt", *_EVERYTHING),
    "backends-mlp": ("digits-mlp", *_BACKENDS),
    "backends-cnn": ("digits-cnn", *_BACKENDS),
}
"""What is compared: the sides of the claim `same-task` as people write them, a CNN, a recurrent model, a small GPT; and
two of the tasks with Keras on all of its backends."""


def main() -> None:
    """Make what is missing, or what is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(RUNS)}")
    parser.add_argument("--budget", type=float, default=BUDGET_S, help="seconds of timing for each run")
    parser.add_argument("--scratch", type=Path, default=SCRATCH, help="where the runs' folders are")
    parser.add_argument("--into", type=Path, default=INTO, help="where the records go")
    given = parser.parse_args()
    if unknown := sorted(set(given.names) - set(RUNS)):
        parser.error(f"no run {unknown[0]}; there are {', '.join(RUNS)}")
    if os.getloadavg()[0] > BUSY:
        print(f"The machine is busy (load {os.getloadavg()[0]:.2f}): times will be worth little.", file=sys.stderr)
    for name in given.names or RUNS:
        path = given.into / f"{name}.json"
        if path.exists() and not given.names:
            print(f"{name}: is there")
            continue
        run = made(name, given.scratch / name, given.budget)
        path.write_text(shipped(run.model_copy(update={"name": name})), encoding="utf-8")
        print(f"{name}: {path} ({path.stat().st_size:,} bytes, made in {run.duration_s:.0f} s)")


def made(name: str, folder: Path, budget_s: float) -> Run:
    """The run, made as a user would make it; an interrupted one goes on."""
    command = [sys.executable, "-m", "paragone", "compare", *RUNS[name], "--budget", f"{budget_s:g}"]
    done = subprocess.run([*command, "--out", str(folder.resolve()), "--no-history"], cwd=ROOT, check=False)
    if done.returncode:
        sys.exit(done.returncode)
    return read_run(folder)


def shipped(run: Run) -> str:
    """The text of a record that ships: without raw samples and without what is as by default."""
    content: dict[str, Any] = trimmed(run).model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return json.dumps({"schema": run.schema_, **content}, indent=1, ensure_ascii=False) + "\n"


def trimmed(run: Run) -> Run:
    """The record without raw samples, and without what no claim and no choice reads."""
    return run.model_copy(
        update={
            "sides": tuple(map(_side, run.sides)),
            "proof": run.proof and _proof(run.proof),
            "timings": run.timings and _timings(run.timings),
            "artifacts": tuple(map(_artifact, run.artifacts)),
            "claims": (),
            "choice": None,
        }
    )


def _side(side: Side) -> Side:
    return side.model_copy(update={"parts": (), "layers": (), "traits": (), "loop": "", "log": ""})


def _proof(proof: Proof) -> Proof:
    floors = tuple(one.model_copy(update={"samples": (), "checkpoints": ()}) for one in proof.floors)
    left_out = {"corrected": (), "gauges": (), "curves": (), "patch": None, "alignments": ()}
    return proof.model_copy(update={**left_out, "pairs": tuple(map(_pair, proof.pairs)), "floors": floors})


def _pair(pair: Pair) -> Pair:
    rungs = tuple(one.model_copy(update={"distances": (), "checkpoints": (), "detail": ""}) for one in pair.rungs)
    causes = tuple(one.model_copy(update={"fix": None}) for one in pair.causes)
    return pair.model_copy(update={"rungs": rungs, "causes": causes, "located": None, "left": None})


def _timings(timings: Timings) -> Timings:
    contenders = tuple(one.model_copy(update={"sets": ()}) for one in timings.contenders)
    ratios, tests = (_rounded(found) for found in (timings.ratios, timings.self_test))
    return timings.model_copy(update={"contenders": contenders, "ratios": ratios, "self_test": tests})


def _rounded(ratios: Iterable[Any]) -> tuple[Any, ...]:
    """One value a set stays, since intervals are made again from them when two runs are compared."""
    return tuple(one.model_copy(update={"log_ratios": tuple(round(x, 6) for x in one.log_ratios)}) for one in ratios)


def _artifact(artifact: Artifact) -> Artifact:
    return artifact.model_copy(update={"cases": (), "log": ""})


if __name__ == "__main__":
    main()
