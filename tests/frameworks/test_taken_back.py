"""A trait that was taken back leaves no trace, and one that is set on a used side does what it does on a new one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SIDES = {
    "torch": """
import torch
from torch import nn

model = nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.25), nn.Linear(8, 3))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
""",
    "tensorflow": """
import keras

model = keras.Sequential(
    [
        keras.layers.Input((6,)),
        keras.layers.Dense(8),
        keras.layers.BatchNormalization(),
        keras.layers.ReLU(),
        keras.layers.Dropout(0.25),
        keras.layers.Dense(3),
    ]
)
model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
""",
    "jax": """
import jax
import optax
from flax import nnx


class Net(nnx.Module):
    def __init__(self, rngs):
        self.first = nnx.Linear(6, 8, rngs=rngs)
        self.norm = nnx.BatchNorm(8, rngs=rngs)
        self.drop = nnx.Dropout(0.25, rngs=rngs)
        self.last = nnx.Linear(8, 3, rngs=rngs)

    def __call__(self, x):
        return self.last(self.drop(jax.nn.relu(self.norm(self.first(x)))))


model = Net(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.adam(0.01), wrt=nnx.Param)


def loss_fn(model, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()
""",
}
WORKER = """
import json, sys
from safetensors.numpy import load_file, save_file
from paragone.workers.operations import Session

spec, folder = json.loads(sys.argv[1]), sys.argv[2]
session = Session(spec, 0)
session.serve("describe", {"seed": 0, "timed": False})
session.serve("draw", {"builds": 1, "seed": 1, "out": f"{folder}/draw"})
save_file({name[2:]: array for name, array in load_file(f"{folder}/draw").items()}, f"{folder}/start")
builds = 0
for number, (fresh, traits) in enumerate(json.loads(sys.argv[3])):
    session = Session(spec, 0) if fresh else session
    adapter = session._imported()
    build = type(adapter).build
    counted = []
    adapter.build = lambda seed: (counted.append(seed), build(adapter, seed))
    asked = {"traits": traits, "seed": 0, "start": f"{folder}/start", "steps": 3, "checkpoints": [1, 3]}
    asked["rungs"] = ["forward", "loss", "gradients", "step", "trajectory"]
    session.serve("trace", {**asked, "out": f"{folder}/{number}"})
    del adapter.build
    print(json.dumps(len(counted)), flush=True)
"""
STILL = {"where": "dropout_1", "name": "rate", "value": 0.0}
EPSILON = {"where": "batch_norm_1", "name": "epsilon", "value": 0.3}
MOMENTUM = {"where": "batch_norm_1", "name": "momentum", "value": 0.5}
ACTIVATION = {"where": "dense_1", "name": "activation", "value": "tanh"}
ADAM = {"where": "optimizer", "name": "epsilon", "value": 0.1}


def traced(framework: str, folder: Path, asked: list[tuple[bool, list[dict[str, Any]]]]) -> list[int]:
    """How often the side was built for each trace; the traces are in the folder, by their number."""
    x = np.random.default_rng(0).normal(size=(80, 6)).astype(np.float32)
    np.savez(folder / "data.npz", x=x, y=(x[:, 0] > 0) + (x[:, 1] > 1).astype(np.int64))
    (folder / "side.py").write_text(SIDES[framework], encoding="utf-8")
    from paragone.task.data.load import load_data

    load_data(str(folder / "data.npz"), seed=0).save(folder / "data.safetensors")
    spec = {"framework": framework, "file": str(folder / "side.py"), "data": str(folder / "data.safetensors")}
    spec |= {"dtype": "float64", "selector": "", "scheduler_step": "epoch", "view": ""}
    given = json.dumps({**spec, "batch_size": 16, "threads": 1, "preload": []})
    command = [sys.executable, "-c", WORKER, given, str(folder), json.dumps(asked)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()[-len(asked) :]]


def same(folder: Path, one: int, other: int) -> bool:
    from safetensors.numpy import load_file

    a, b = load_file(folder / str(one)), load_file(folder / str(other))
    return a.keys() == b.keys() and all(np.array_equal(a[name], b[name]) for name in a)


@pytest.mark.parametrize("framework", SIDES)
def test_what_is_taken_back_leaves_no_trace(framework: str, tmp_path: Path) -> None:
    changed = [STILL, EPSILON, MOMENTUM, ACTIVATION]
    builds = traced(framework, tmp_path, [(False, [STILL]), (False, changed), (False, [STILL]), (True, changed)])
    assert builds == [1, 0, 0, 1]
    assert same(tmp_path, 0, 2)
    assert same(tmp_path, 1, 3)
    assert not same(tmp_path, 0, 1)


@pytest.mark.parametrize("framework", SIDES)
def test_what_cannot_be_taken_back_is_built_anew(framework: str, tmp_path: Path) -> None:
    builds = traced(framework, tmp_path, [(False, [STILL, ADAM]), (False, [STILL]), (True, [STILL])])
    assert builds == [1, 1, 1]
    assert same(tmp_path, 1, 2)
    assert not same(tmp_path, 0, 1)
