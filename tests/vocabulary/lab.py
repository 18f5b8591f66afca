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
ONE_THREAD = {"OMP_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
Arrays = dict[str, np.ndarray[Any, Any]]


@dataclass(frozen=True)
class Case:
    """One task to run.

    Args:
        name: of its folder.
        table: the task, as TOML gives it.
        high: exclusive upper bound of whole numbers, by the name of an input or target.
        steps: training steps.
        laws: names in `LAWS` of how floating inputs or targets are drawn, by their names.
    """

    name: str
    table: dict[str, Any]
    high: dict[str, int] = field(default_factory=dict)
    steps: int = 3
    laws: dict[str, str] = field(default_factory=dict)

    def checked(self) -> CheckedTask:
        return check_task(parse_task(self.table, self.name), self.name)


@dataclass(frozen=True)
class Ran:
    """What one framework made of a case: arrays, or why it failed."""

    arrays: Arrays
    error: str = ""


LAWS: dict[str, Callable[[Any], Any]] = {
    "normal": lambda x: x,
    "positive": np.exp,
    "bits": lambda x: (x > 0).astype(float),
    "signs": np.sign,
    "probabilities": lambda x: np.exp(x) / np.exp(x).sum(-1, keepdims=True),
}
"""Ways to draw floating numbers, from normal ones."""


def draw(task: CheckedTask, case: Case, rng: np.random.Generator) -> tuple[Arrays, Arrays]:
    """Data and canonical weights for a task, in float64."""
    data: Arrays = {}
    for letter, tensors in (("x", task.graph.inputs), ("y", task.targets)):
        for number, (name, tensor) in enumerate(tensors.items()):
            shape = (ROWS, *tensor.shape)
            if tensor.kind == "float":
                array: np.ndarray[Any, Any] = LAWS[case.laws.get(name, "normal")](rng.normal(size=shape))
            elif tensor.kind == "bool":
                array = rng.random(shape) < 0.7
            else:
                array = rng.integers(0, case.high.get(name, 2), shape)
            key = letter if len(tensors) == 1 else f"{letter}{number}"
            data |= {key: array, f"{key}_test": array[: ROWS - 1]}
    weights = {
        f"{node.name}/{weight.role}": rng.normal(size=weight.shape) * 0.5
        if weight.trainable
        else rng.random(weight.shape) + 0.5
        for node in task.graph.nodes
        for weight in node.weights
    }
    return data, weights


def run(cases: Sequence[Case], folder: Path, fidelity: Fidelity = "matched") -> dict[str, dict[str, Ran]]:
    """By case and framework, what came out."""
    for number, case in enumerate(cases):
        task = case.checked()
        data, weights = draw(task, case, np.random.default_rng(number))
        prepare(folder / case.name, task, weights, fidelity)
        save_file(
            {name: np.ascontiguousarray(array) for name, array in data.items()},
            folder / case.name / "data.safetensors",
            metadata={"kind": "regression", "views": "[]", "n_classes": "null"},
        )
    run_all([(folder / case.name, case.steps, BATCH) for case in cases], folder)
    return {case.name: results(folder / case.name) for case in cases}


def prepare(home: Path, task: CheckedTask, weights: Arrays, fidelity: Fidelity = "matched") -> None:
    """Write the sides of a task and its weights into a folder."""
    home.mkdir(parents=True, exist_ok=True)
    save_file({name: np.ascontiguousarray(array) for name, array in weights.items()}, home / "weights.safetensors")
    for framework in FRAMEWORKS:
        side = write_side(task, framework, fidelity)
        (home / f"{framework}_side.py").write_text(side.text, encoding="utf-8")
        (home / f"{framework}.json").write_text(side.weights.model_dump_json(), encoding="utf-8")


def run_all(prepared: Sequence[tuple[Path, int, int]], folder: Path) -> None:
    """Run prepared folders, each with so many steps of so many samples, in one process for each framework."""
    todo = json.dumps([[str(home), steps, batch] for home, steps, batch in prepared])
    with ThreadPoolExecutor(len(FRAMEWORKS)) as pool:
        list(pool.map(lambda framework: in_process(framework, todo, folder), FRAMEWORKS))


def results(home: Path) -> dict[str, Ran]:
    """What each framework made of a prepared folder."""
    return {name: ran_in(home, name) for name in FRAMEWORKS}


def in_process(framework: str, todo: str, folder: Path) -> None:
    with (folder / f"{framework}.log").open("w") as log:
        subprocess.run(
            [sys.executable, "-m", "tests.vocabulary.child", framework],
            input=todo,
            text=True,
            stdout=log,
            stderr=log,
            check=False,
            env={**os.environ, **ONE_THREAD, "TF_CPP_MIN_LOG_LEVEL": "3"},
            cwd=Path(__file__).parents[2],
        )


def ran_in(home: Path, framework: str) -> Ran:
    path = home / f"{framework}.safetensors"
    if path.exists():
        return Ran(load_file(path))
    error = home / f"{framework}.error"
    return Ran({}, error.read_text() if error.exists() else "the process died")


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
