"""Writes tasks in every framework and runs the sides from the same weights: one process for each framework."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file, save_file

from paragone.distance import gap
from paragone.sides.write.write import write_side
from paragone.spelling.site import Fidelity
from paragone.task.check import CheckedTask, check_task
from paragone.task.read import parse_task

FRAMEWORKS = ("tensorflow", "torch", "jax")
ROWS, BATCH = 6, 4
FAST = {"XLA_FLAGS": "--xla_cpu_use_fusion_emitters=false", "JAX_TRACEBACK_FILTERING": "off"}
"""XLA compiles in half the time so, and what it compiles runs once; the last line of an error is the error."""
ONE_THREAD = {"OMP_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
ENDS = ("safetensors", "error")
"""What a process leaves of each folder: arrays, or why there are none."""
TURN = 200
"""Folders that one process runs: what frameworks keep of each model makes the next ones slower."""
Arrays = dict[str, np.ndarray[Any, Any]]
Job = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One task to run.

    Args:
        name: of its folder.
        table: the task, as TOML gives it.
        high: exclusive upper bound of whole numbers, by the name of an input or target.
        steps: training steps.
        laws: names in `LAWS` of how floating inputs or targets are drawn, by their names.
        parts: the cases of which this one is a bundle (`tests.vocabulary.bundle`).
        asked: what is computed, of `tests.vocabulary.child.CLIMBS`.
        eager: whether Keras runs operation by operation, where `fit` would trace a graph first.
        optimised: whether XLA optimises what it compiles, as it does for everyone who does not turn that off.
        like: the case whose weights and data it has, if it is not named so itself.
        nudge: which way weights and floating data are moved by one unit in the last place; 0 for not at all.
    """

    name: str
    table: dict[str, Any]
    high: dict[str, int] = field(default_factory=dict)
    steps: int = 3
    laws: dict[str, str] = field(default_factory=dict)
    parts: tuple[Case, ...] = ()
    asked: tuple[str, ...] = ("forward", "gradients", "train")
    eager: bool = False
    optimised: bool = False
    like: str = ""
    nudge: int = 0

    def job(self, folder: Path) -> dict[str, Any]:
        """What a process is told."""
        named = {"home": str(folder / self.name), "steps": self.steps, "batch": BATCH}
        how = {"eager": self.eager, "optimised": self.optimised, "dtype": "float64"}
        return {**named, "asked": self.asked, **how, "masks": "dropout" in str(self.table)}

    def checked(self) -> CheckedTask:
        return check_task(parse_task(self.table, self.name), self.name)


@dataclass(frozen=True)
class Ran:
    """What one framework made of a case: arrays, or why it failed."""

    arrays: Arrays
    error: str = ""


LAWS: dict[str, Callable[[Any], Any]] = {
    "normal": lambda x: x,
    "wide": lambda x: 8 * x,
    "positive": np.exp,
    "bits": lambda x: (x > 0).astype(float),
    "signs": np.sign,
    "probabilities": lambda x: np.exp(x) / np.exp(x).sum(-1, keepdims=True),
}
"""Ways to draw floating numbers, from normal ones."""


def draw(case: Case) -> tuple[Arrays, Arrays]:
    """Inputs and targets by their names, and canonical weights, in float64; always the same for a case of this name."""
    if case.parts:
        return _drawn_parts(case)
    task, rng = case.checked(), np.random.default_rng(list((case.like or case.name).encode()))
    data: Arrays = {}
    for name, tensor in {**task.graph.inputs, **task.targets}.items():
        shape = (ROWS, *tensor.shape)
        if tensor.kind == "float":
            data[name] = LAWS[case.laws.get(name, "normal")](rng.normal(size=shape))
        elif tensor.kind == "bool":
            data[name] = rng.random(shape) < 0.7
        else:
            data[name] = rng.integers(0, case.high.get(name, 2), shape)
    weights = {
        f"{node.name}/{weight.role}": rng.normal(size=weight.shape) * 0.5
        if weight.trainable
        else rng.random(weight.shape) + 0.5
        for node in task.graph.nodes
        for weight in node.weights
    }
    return (_nudged(data, case.nudge), _nudged(weights, case.nudge)) if case.nudge else (data, weights)


def _nudged(arrays: Arrays, seed: int) -> Arrays:
    """Every floating number, one unit in the last place up or down."""
    rng = np.random.default_rng(seed)
    return {
        name: np.nextafter(array, rng.choice([-np.inf, np.inf], array.shape)) if array.dtype.kind == "f" else array
        for name, array in arrays.items()
    }


def _drawn_parts(case: Case) -> tuple[Arrays, Arrays]:
    data: Arrays = {}
    weights: Arrays = {}
    for place, part in enumerate(case.parts):
        for found, arrays in zip((data, weights), draw(part), strict=True):
            found |= {f"c{place}_{name}": array for name, array in arrays.items()}
    return data, weights


def keyed(task: CheckedTask, data: Arrays) -> Arrays:
    """Inputs and targets under the names of a data set: `x`, or `x0`, `x1` and so on."""
    found: Arrays = {}
    for letter, tensors in (("x", task.graph.inputs), ("y", task.targets)):
        for number, name in enumerate(tensors):
            key = letter if len(tensors) == 1 else f"{letter}{number}"
            found |= {key: data[name], f"{key}_test": data[name][: ROWS - 1]}
    return {name: np.ascontiguousarray(array) for name, array in found.items()}


def run(
    cases: Sequence[Case], folder: Path, fidelity: Fidelity = "matched", dtype: str = ""
) -> dict[str, dict[str, Ran]]:
    """By case and framework, what came out; `plain` sides run in their frameworks' default precision."""
    for case in cases:
        prepared(case, folder, fidelity)
    dtype = dtype or ("float64" if fidelity == "matched" else "float32")
    run_all([{**case.job(folder), "dtype": dtype} for case in cases], folder)
    return {case.name: results(folder / case.name) for case in cases}


def prepared(case: Case, folder: Path, fidelity: Fidelity = "matched") -> None:
    """Write the sides of a case, its weights and its data into its folder."""
    task = case.checked()
    data, weights = draw(case)
    prepare(folder / case.name, task, weights, fidelity)
    metadata = {"kind": "regression", "views": "[]", "n_classes": "null"}
    save_file(keyed(task, data), folder / case.name / "data.safetensors", metadata=metadata)


def prepare(home: Path, task: CheckedTask, weights: Arrays, fidelity: Fidelity = "matched") -> None:
    """Write the sides of a task and its weights into a folder."""
    home.mkdir(parents=True, exist_ok=True)
    save_file({name: np.ascontiguousarray(array) for name, array in weights.items()}, home / "weights.safetensors")
    for framework in FRAMEWORKS:
        side = write_side(task, framework, fidelity)
        (home / f"{framework}_side.py").write_text(side.text, encoding="utf-8")
        (home / f"{framework}.json").write_text(side.weights.model_dump_json(), encoding="utf-8")


def run_all(jobs: Sequence[Job], folder: Path, processes: int = len(FRAMEWORKS)) -> None:
    """Run prepared folders, in one process for each framework, so many at once."""
    with ThreadPoolExecutor(processes) as pool:
        list(pool.map(lambda framework: run_in(framework, jobs, folder), FRAMEWORKS))


def run_in(framework: str, jobs: Sequence[Job], folder: Path) -> None:
    """Run prepared folders in one framework; where its process dies, in another from the next folder on."""
    while jobs:
        turn = jobs[:TURN]
        in_process(framework, json.dumps(turn), folder)
        answered = [any((Path(job["home"]) / f"{framework}.{end}").exists() for end in ENDS) for job in turn]
        jobs = jobs[answered.index(False) + 1 if not all(answered) else len(turn) :]


def results(home: Path) -> dict[str, Ran]:
    """What each framework made of a prepared folder."""
    return {name: ran_in(home, name) for name in FRAMEWORKS}


def in_process(framework: str, todo: str, folder: Path) -> None:
    with (folder / f"{framework}.log").open("a") as log:
        subprocess.run(
            [sys.executable, "-m", "tests.vocabulary.child", framework],
            input=todo,
            text=True,
            stdout=log,
            stderr=log,
            check=False,
            env={**os.environ, **ONE_THREAD, **FAST, "TF_CPP_MIN_LOG_LEVEL": "3"},
            cwd=Path(__file__).parents[2],
        )


def ran_in(home: Path, framework: str) -> Ran:
    path = home / f"{framework}.safetensors"
    if path.exists():
        return Ran(load_file(path))
    error = home / f"{framework}.error"
    return Ran({}, error.read_text() if error.exists() else "the process died")


def snap(array: Any, wanted: Any, limit: float) -> Any:
    """The array that is wanted where this one is no further from it than the limit."""
    if wanted is None or wanted.shape != array.shape:
        return array
    return wanted if float(np.abs(array - wanted).max(initial=0.0)) <= limit else array


def worst(a: Arrays, b: Arrays, prefix: str) -> tuple[float, str]:
    """The largest distance over the arrays whose names begin so, and where it is; infinite where names differ."""
    left, right = ({name for name in arrays if name.startswith(prefix)} for arrays in (a, b))
    if left != right:
        return float("inf"), f"only one has {sorted(left ^ right)}"
    sizes = {name: max(float(np.abs(side[name]).max(initial=0.0)) for side in (a, b)) for name in left}
    least = max(TINY, CANCELLED * max(sizes.values(), default=0.0))
    rows = []
    for name in sorted(left):
        if a[name].shape != b[name].shape:
            return float("inf"), f"{name}: {a[name].shape} and {b[name].shape}"
        apart = gap(a[name], b[name]).max_rel if sizes[name] >= TINY else 0.0
        rows.append((apart * min(1.0, sizes[name] / least), name))
    return max(rows, default=(0.0, ""))


CANCELLED = 1e-4
"""Arrays smaller than this share of the largest, because what they are made of cancels, are judged by that share."""
TINY = 1e-13
"""Arrays that are zero but for rounding on both sides agree: a true gradient of zero (row E23)."""
