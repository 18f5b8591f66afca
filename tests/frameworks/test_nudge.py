"""Rounding noise in each framework: every weight moves to the next number above or below, and nothing else does."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from paragone.task.data.load import load_data

SIDES = Path(__file__).parents[1] / "sides" / "pairs" / "same_regression"
DATA = f"{SIDES.parent / 'data.py'}:regression"
FILES = {"tensorflow": "keras_side.py", "torch": "torch_side.py", "jax": "jax_side.py"}
NUDGE = """
import json, sys
import numpy as np
from paragone.workers.operations import Session

adapter = Session(json.loads(sys.argv[1]), 0)._built(1, [])
before = adapter.weights()
moves = []
for _ in range(4):
    adapter.put(before)
    adapter.nudge(np.random.default_rng(len(moves)))
    after = adapter.weights()
    for name, array in before.items():
        above, below = np.nextafter(array, np.inf), np.nextafter(array, -np.inf)
        assert after[name].dtype == array.dtype == sys.argv[2], (name, after[name].dtype)
        next_door = (after[name] == above) | ((after[name] == below) & (array != 0))
        assert next_door.all(), name
    moves.append(np.concatenate([(after[name] > array).ravel() for name, array in before.items() if array.any()]))
print(json.dumps([[float(move.mean()) for move in moves], float((moves[0] != moves[1]).mean())]))
"""


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("framework", FILES)
def test_every_weight_moves_by_one_unit_in_the_last_place(framework: str, dtype: str, tmp_path: Path) -> None:
    load_data(DATA, seed=0).save(tmp_path / "data.safetensors")
    spec = {
        "framework": framework,
        "file": str(SIDES / FILES[framework]),
        "data": str(tmp_path / "data.safetensors"),
        "dtype": dtype,
        "selector": "",
        "batch_size": 32,
        "scheduler_step": "epoch",
        "threads": 1,
        "preload": [],
        "view": "",
    }
    done = subprocess.run(
        [sys.executable, "-c", NUDGE, json.dumps(spec), dtype], capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr
    upward, changed = json.loads(done.stdout.splitlines()[-1])
    assert all(0.3 < share < 0.7 for share in upward)
    assert 0.3 < changed < 0.7
