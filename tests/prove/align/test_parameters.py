"""What a worker says of the parameters of a side: in what order, which are shared, frozen, constant, never used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .bench import Children, built

DATA = f"{Path(__file__).parents[2] / 'sides' / 'aligned' / 'data.py'}:vectors"
TORCH = """
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.last = nn.Linear(8, 3, bias=False)
        self.never = nn.Parameter(torch.zeros(2))
        self.w = nn.Parameter(torch.randn(8, 8))
        self.again = self.w
        self.ice = nn.Parameter(torch.ones(8), requires_grad=False)
        self.register_buffer("mask", torch.ones(8))
        self.register_buffer("mean", torch.zeros(8))

    def forward(self, x):
        if self.training:
            self.mean = 0.9 * self.mean + 0.1 * x.mean(0).detach()
        x = torch.tanh((x - self.mean) @ self.w.T) * self.mask
        return self.last(torch.tanh(x @ self.again) * self.ice)


model = Net()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.1)
"""
JAX = """
import jax.numpy as jnp
import optax
from flax import nnx


class Net(nnx.Module):
    def __init__(self, rngs):
        self.last = nnx.Linear(8, 3, use_bias=False, rngs=rngs)
        self.never = nnx.Param(jnp.zeros(2))
        self.w = nnx.Param(nnx.initializers.lecun_normal()(rngs.params(), (8, 8)))
        self.again = self.w
        self.ice = nnx.BatchStat(jnp.ones(8))
        self.norm = nnx.BatchNorm(8, use_bias=False, use_scale=False, rngs=rngs)

    def __call__(self, x):
        x = jnp.tanh(self.norm(x) @ self.w[...].T)
        return self.last(jnp.tanh(x @ self.again[...]) * self.ice[...])


def loss_fn(model, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()


model = Net(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)
"""
KERAS = """
import keras
from keras import layers, ops


class Body(layers.Layer):
    def build(self, shape):
        self.never = self.add_weight(shape=(2,), name="never")
        self.ws = [self.add_weight(shape=(8, 8), name=f"w{i}") for i in range(2)]
        self.table = self.add_weight(shape=(8,), initializer="ones", trainable=False, name="table")

    def call(self, x):
        return ops.tanh(ops.tanh(x @ self.ws[1]) @ self.ws[0]) * self.table


inputs = keras.Input((8,))
x = layers.BatchNormalization(center=False, scale=False)(inputs)
x = layers.Dense(8, use_bias=False, trainable=False)(Body()(x))
model = keras.Model(inputs, layers.Dense(3, use_bias=False)(x))
model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
"""


@pytest.fixture(scope="module")
def said(children: Children, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, dict[str, Any]]]:
    """By framework and path, in the order that the worker gave."""
    folder = tmp_path_factory.mktemp("parameters")
    for name, code in (("torch", TORCH), ("jax", JAX), ("keras", KERAS)):
        (folder / f"{name}_side.py").write_text(code, encoding="utf-8")
    subjects, bench = built(sorted(folder.glob("*_side.py")), DATA, folder, children)
    found = {}
    for subject in subjects:
        rows = bench.direct(subject.name, "parameters", seed=0, traits=[])["parameters"]
        found[subject.framework] = {row["path"]: row for row in rows}
    return found


def test_parameters_come_in_order_of_first_use_and_unused_ones_last(said: Any) -> None:
    assert [row["path"] for row in said["torch"].values()] == ["mean", "w", "mask", "ice", "last.weight", "never"]
    assert [path for path, row in said["jax"].items() if not row["buffer"]] == ["again", "last.kernel", "never"]
    trained = [path.split("/")[-1] for path, row in said["tensorflow"].items() if not row["buffer"]]
    assert trained == ["w1", "w0", "kernel", "kernel", "never"]
    for rows in said.values():
        assert [row["path"].split("/")[-1] for row in rows.values() if not row["used"]] == ["never"]


def test_a_shared_array_is_said_once_with_its_other_names(said: Any) -> None:
    assert said["torch"]["w"]["shared"] == ["again"]


def test_statistics_move_and_tables_and_masks_do_not(said: Any) -> None:
    constant = {name: {p for p, row in rows.items() if row["constant"]} for name, rows in said.items()}
    assert constant == {"torch": {"mask"}, "jax": {"ice"}, "tensorflow": {"body/table"}}
    moving = {name: {p for p, r in rows.items() if r["buffer"] and not r["constant"]} for name, rows in said.items()}
    assert moving["torch"] == {"mean"}
    assert moving["jax"] == {"norm.mean", "norm.var"}
    assert {path.split("/")[-1] for path in moving["tensorflow"]} == {"moving_mean", "moving_variance"}


def test_frozen_parameters_are_known_where_the_framework_says_so(said: Any) -> None:
    assert [path for path, row in said["torch"].items() if row["frozen"]] == ["ice"]
    assert [path.split("/")[-1] for path, row in said["tensorflow"].items() if row["frozen"]] == ["kernel"]


def test_layers_that_we_know_are_named(said: Any) -> None:
    row = said["torch"]["last.weight"]
    assert (row["layer"], row["kind"], row["role"], row["output_first"]) == ("dense_1", "dense", "kernel_io", True)
    assert said["torch"]["w"]["layer"] == ""
    assert said["torch"]["w"]["owner"] == "Net"
