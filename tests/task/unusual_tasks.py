"""Task files that are unlike the ready ones, with made-up data beside them: `unusual/*.toml`."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np

from paragone.task.check import CheckedTask, check_task
from paragone.task.read import read_task
from paragone.task.tensor import Tensor

TASKS = tuple(sorted((Path(__file__).parent / "unusual").glob("*.toml")))
ROWS = 40


def laid_out(folder: Path) -> list[Path]:
    """The task files in a folder, each with its data."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in TASKS:
        shutil.copy(path, folder)
        np.savez(folder / f"{path.stem}.npz", **_arrays(check_task(read_task(str(path)))))  # type: ignore[arg-type]
    return [folder / path.name for path in TASKS]


def _arrays(task: CheckedTask) -> dict[str, np.ndarray[Any, Any]]:
    rng = np.random.default_rng(0)
    found = {}
    for letter, tensors in (("x", task.graph.inputs), ("y", task.targets)):
        for number, tensor in enumerate(tensors.values()):
            found[letter if len(tensors) == 1 else f"{letter}{number}"] = _drawn(tensor, letter, rng)
    return found


def _drawn(tensor: Tensor, letter: str, rng: np.random.Generator) -> np.ndarray[Any, Any]:
    """Two classes and two tokens, so that any task has them; targets that are no classes from 0 to 1."""
    shape = (ROWS, *tensor.shape)
    if tensor.kind != "float":
        return rng.integers(0, 2, shape)
    return (rng.normal(size=shape) if letter == "x" else rng.random(shape)).astype(np.float32)
