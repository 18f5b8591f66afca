"""A gradient that is stopped inside of a model on one side."""

from __future__ import annotations

from pathlib import Path

import pytest

from .harness import first_failing, prove_texts

TORCH = """
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = nn.Linear(6, 8), nn.Linear(8, 8), nn.Linear(8, 3)

    def forward(self, x):
        h = torch.tanh(self.b(torch.tanh(self.a(x))))
        return self.c(h)


model = Net()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
"""
DETACHED = TORCH.replace("self.c(h)", "self.c(h.detach())")
WITHOUT = TORCH.replace("        h = ", "        with torch.no_grad():\n            h = ")
JAX = """
import jax
import jax.numpy as jnp
import optax
from flax import nnx


class Net(nnx.Module):
    def __init__(self, rngs):
        self.a, self.b, self.c = (nnx.Linear(m, n, rngs=rngs) for m, n in ((6, 8), (8, 8), (8, 3)))

    def __call__(self, x):
        return self.c(jnp.tanh(self.b(jnp.tanh(self.a(x)))))


model = Net(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.adam(0.01), wrt=nnx.Param)


def loss_fn(model, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()
"""
STOPPED = JAX.replace("self.c(jnp.tanh(self.b(jnp.tanh(self.a(x)))))", "self.c(jnp.tanh(self.b(h)))").replace(
    "        return", "        h = jax.lax.stop_gradient(jnp.tanh(self.a(x)))\n        return"
)
KERAS = """
import keras

model = keras.Sequential([
    keras.Input((6,)),
    keras.layers.Dense(8, activation="tanh"),
    keras.layers.Dense(8, activation="tanh"),
    keras.layers.Lambda(keras.ops.stop_gradient),
    keras.layers.Dense(3),
])
model.compile(keras.optimizers.SGD(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
"""
STARTS = {"kernel-initialiser", "bias-initialiser"}


@pytest.mark.parametrize(
    ("a", "b", "layers"),
    [
        (TORCH, DETACHED, "dense_1, dense_2"),
        (TORCH, WITHOUT, "dense_1, dense_2"),
        (TORCH, STOPPED, "dense_1"),
        (DETACHED, JAX, "dense_1, dense_2"),
        (TORCH.replace("Adam", "SGD"), KERAS, "dense_1, dense_2"),
    ],
    ids=["detach", "no_grad", "stop_gradient", "detach against Flax", "Keras"],
)
def test_the_layers_that_no_gradient_reaches_are_named(tmp_path: Path, a: str, b: str, layers: str) -> None:
    pair, proof = prove_texts(tmp_path, a, b)
    assert first_failing(pair) == "gradients"
    (cause,) = [cause for cause in pair.causes if cause.trap not in STARTS]
    assert cause.trap == "gradient-stopped"
    assert cause.where.startswith(f"{layers}, line ") or cause.where.startswith(f"{layers}: ")
    assert {cause.a, cause.b} == {"stopped", "reaches it"}
    assert [one.verdict for one in proof.corrected] == ["same"]
    assert pair.unexplained == ""


def test_a_detach_that_stops_nothing_is_no_cause(tmp_path: Path) -> None:
    pair, _ = prove_texts(tmp_path, TORCH, TORCH.replace("self.c(h)", "self.c(h) + 0.0 * h.detach().sum()"))
    assert pair.verdict == "same"


def test_stopped_alike_on_both_sides_is_the_same(tmp_path: Path) -> None:
    pair, _ = prove_texts(tmp_path, DETACHED, WITHOUT)
    assert pair.verdict == "same"
