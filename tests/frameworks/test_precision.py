"""A side in bfloat16: its matrix products are in it, its parameters stay float32, and it goes on to learn."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from paragone.sides.from_task import task_sides, write_files
from paragone.task.data.load import load_data

CHILD = Path(__file__).with_name("precision_child.py")
FRAMEWORKS = ("torch", "tensorflow", "jax")

OWN_STEP = {
    "torch": """
import torch
from torch import nn
model = nn.Sequential(nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10))
optimizer = torch.optim.Adam(model.parameters())
def train_step(x, y):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    return loss
""",
    "tensorflow": """
import keras
import tensorflow as tf
model = keras.Sequential([keras.Input((784,)), keras.layers.Dense(32, activation="relu"), keras.layers.Dense(10)])
optimizer = keras.optimizers.Adam()
criterion = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
def train_step(x, y):
    with tf.GradientTape() as tape:
        loss = criterion(y, model(x, training=True))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return loss
""",
    "jax": """
import optax
from flax import nnx
class Model(nnx.Module):
    def __init__(self, rngs):
        self.first, self.second = nnx.Linear(784, 32, rngs=rngs), nnx.Linear(32, 10, rngs=rngs)
    def __call__(self, x):
        return self.second(nnx.relu(self.first(x)))
model = Model(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.adam(1e-3), wrt=nnx.Param)
def loss_fn(model, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()
@nnx.jit
def step(model, optimizer, x, y):
    loss, grads = nnx.value_and_grad(loss_fn)(model, x, y)
    optimizer.update(model, grads)
    return loss
def train_step(x, y):
    return step(model, optimizer, x, y)
""",
}

BY_HAND = """
import jax.numpy as jnp
import optax
from flax import nnx
class Model(nnx.Module):
    def __init__(self, rngs):
        self.w = nnx.Param(0.1 * rngs.params.normal((784, 10)))
    def __call__(self, x):
        return x @ self.w[...]
model = Model(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.adam(1e-3), wrt=nnx.Param)
def loss_fn(model, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()
"""


def looked_at(framework: str, path: Path, folder: Path, precision: str = "bfloat16", **spec: Any) -> dict[str, Any]:
    data = folder / "data.safetensors"
    load_data("digits", seed=0).save(data)
    given = {"framework": framework, "file": str(path), "data": str(data), "precision": precision, **spec}
    done = subprocess.run(
        [sys.executable, str(CHILD), json.dumps(given)], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def check(found: dict[str, Any]) -> None:
    assert set(found["products"]) == {"bfloat16"}, "matrix products"
    assert set(found["parameters"]) == {"float32"}, "parameters"
    assert set(found["parameters_after"]) == {"float32"}, "parameters after training"
    assert found["losses"][-1] < 0.8 * found["losses"][0], "training goes on"
    assert "bfloat16" in found["said"]
    assert found["outputs"] in ("float32", "bfloat16")


@pytest.mark.parametrize("track", ["idiomatic", "tuned"])
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_side_of_a_task_computes_in_bfloat16_and_learns(framework: str, track: str, tmp_path: Path) -> None:
    sides = task_sides("digits-mlp", "matched", tmp_path).sides
    write_files(sides)
    side = next(side for side in sides if side.framework == framework)
    found = looked_at(framework, side.path, tmp_path, track=track, weight_map=side.weight_map)
    check(found)
    assert found["loop"]


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_side_with_its_own_step_computes_in_bfloat16_and_learns(framework: str, tmp_path: Path) -> None:
    path = tmp_path / "side.py"
    path.write_text(OWN_STEP[framework])
    found = looked_at(framework, path, tmp_path)
    check(found)
    assert "train_step" in found["said"] or framework == "jax"


def test_in_float32_nothing_is_done(tmp_path: Path) -> None:
    path = tmp_path / "side.py"
    path.write_text(OWN_STEP["jax"])
    found = looked_at("jax", path, tmp_path, precision="float32")
    assert set(found["products"]) == {"float32"}
    assert found["said"] == ""


def test_a_side_whose_products_stay_in_float32_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "side.py"
    path.write_text(BY_HAND)
    found = looked_at("jax", path, tmp_path)
    assert found["refused"] == "none of the 1 matrix products and convolutions of a forward pass is computed in it"


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_convolution_counts(framework: str, tmp_path: Path) -> None:
    sides = task_sides("digits-cnn", "matched", tmp_path).sides
    write_files(sides)
    side = next(side for side in sides if side.framework == framework)
    check(looked_at(framework, side.path, tmp_path, weight_map=side.weight_map))
