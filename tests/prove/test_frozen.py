"""A layer, or a part of one, that one side does not train is named, and frozen on the other side as well."""

from __future__ import annotations

from pathlib import Path

import pytest

from .harness import prove_texts

SIDE = """
import torch
from torch import nn

model = nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 3))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
"""
FROZEN = SIDE.replace("criterion", "model[2].requires_grad_(False)\ncriterion", 1)
BIAS = SIDE.replace("criterion", "model[2].bias.requires_grad_(False)\ncriterion", 1)
LEFT_OUT = SIDE.replace("model.parameters()", "[*model[0].parameters(), *model[4].parameters()]")
JAX = """
import jax.numpy as jnp
import optax
from flax import nnx


class Net(nnx.Module):
    def __init__(self, rngs):
        self.layers = nnx.List([nnx.Linear(m, n, rngs=rngs) for m, n in ((6, 8), (8, 8), (8, 3))])

    def __call__(self, x):
        return self.layers[2](jnp.tanh(self.layers[1](jnp.tanh(self.layers[0](x)))))


model = Net(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.adamw(0.01, weight_decay=0.01), wrt=nnx.Param)


def loss_fn(model, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()
"""


@pytest.mark.parametrize(("frozen", "what"), [(FROZEN, "kernel_io, bias"), (BIAS, "bias")], ids=["layer", "bias"])
def test_what_is_frozen_on_one_side_is_named(tmp_path: Path, frozen: str, what: str) -> None:
    pair, proof = prove_texts(tmp_path, SIDE, frozen)
    (cause,) = pair.causes
    assert (cause.trap, cause.side, cause.a, cause.b) == ("frozen-layer", pair.a, "nothing", what)
    assert cause.where.startswith("dense_2")
    assert pair.unexplained == ""
    assert [one.verdict for one in proof.corrected] == ["same"]


def test_flax_is_frozen_as_well(tmp_path: Path) -> None:
    pair, proof = prove_texts(tmp_path, JAX, FROZEN)
    assert {cause.trap for cause in pair.causes} >= {"frozen-layer"}
    assert [one.verdict for one in proof.corrected] == ["same"]


NORM = """
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.norm, self.last = nn.Linear(6, 8), nn.BatchNorm1d(8), nn.Linear(8, 3)

    def forward(self, x):
        return self.last(torch.tanh(self.norm(self.first(x))))


model = Net()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
"""
KEPT = """
    def train(self, mode=True):
        super().train(mode)
        self.norm.eval()
        return self


model = Net()"""


@pytest.mark.parametrize("turned", [False, True])
def test_running_statistics_in_training_are_named_on_either_side(tmp_path: Path, *, turned: bool) -> None:
    sides = [NORM, NORM.replace("\n\nmodel = Net()", KEPT)]
    pair, proof = prove_texts(tmp_path, *(reversed(sides) if turned else sides))
    (cause,) = pair.causes
    values = ("running", "batch") if turned else ("batch", "running")
    assert (cause.trap, cause.a, cause.b) == ("batch-norm-frozen", *values)
    assert [one.verdict for one in proof.corrected] == ["same"]


CHOOSING = """
def labels(parameters):
    return jax.tree_util.tree_map_with_path(lambda path, _: "still" if path[1].key == 1 else "moved", parameters)


model = Net(nnx.Rngs(0))
"""
MOVES = "optax.adamw(0.01, weight_decay=0.01)"
PARTED = f"optax.multi_transform({{'still': optax.set_to_zero(), 'moved': {MOVES}}}, labels)"
TO_ZERO = (
    f"optax.chain({MOVES}, optax.masked(optax.set_to_zero(), "
    "lambda p: jax.tree.map(lambda label: label == 'still', labels(p))))"
)
WITH_LABELS = JAX.replace("import jax.numpy", "import jax\nimport jax.numpy").replace(
    "model = Net(nnx.Rngs(0))", CHOOSING
)
KERAS_STEP = """
import keras
import numpy as np
import tensorflow as tf

model = keras.Sequential([keras.Input((6,)), *(keras.layers.Dense(8, "tanh") for _ in range(2)), keras.layers.Dense(3)])
criterion = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
optimizer = keras.optimizers.SGD(0.01)
model.compile(optimizer, criterion)
trained = [*model.layers[0].trainable_variables, *model.layers[2].trainable_variables]


@tf.function
def train_step(x, y):
    with tf.GradientTape() as tape:
        loss = criterion(y, model(x, training=True))
    optimizer.apply_gradients(zip(tape.gradient(loss, trained), trained))
    return loss
"""


@pytest.mark.parametrize("tx", [None, PARTED, TO_ZERO], ids=["torch", "multi_transform", "set_to_zero"])
def test_what_the_optimizer_leaves_out_is_another_thing_and_named(tmp_path: Path, tx: str | None) -> None:
    other = LEFT_OUT if tx is None else WITH_LABELS.replace(MOVES, tx, 1)
    pair, proof = prove_texts(tmp_path, SIDE, other)
    assert {cause.trap for cause in pair.causes} - {"kernel-initialiser", "bias-initialiser"} == {"layer-left-out"}
    cause = next(cause for cause in pair.causes if cause.trap == "layer-left-out")
    assert (cause.side, cause.a, cause.b) == (pair.a, "nothing", "kernel_io, bias")
    assert cause.where.startswith("dense_2")
    assert [one.verdict for one in proof.corrected] == ["same"]
    assert pair.unexplained == ""


def test_flax_and_keras_are_left_out_as_well(tmp_path: Path) -> None:
    for number, other in enumerate((JAX, KERAS_STEP)):
        (tmp_path / str(number)).mkdir()
        kept = LEFT_OUT.replace("AdamW", "SGD") if other is KERAS_STEP else LEFT_OUT
        pair, proof = prove_texts(tmp_path / str(number), kept, other)
        assert {cause.trap for cause in pair.causes} - {"kernel-initialiser", "bias-initialiser"} == (
            {"layer-left-out"} if other is JAX else set()
        )
        assert [one.verdict for one in proof.corrected] == ["same"]


def test_what_is_frozen_and_what_is_left_out_are_both_named(tmp_path: Path) -> None:
    both = FROZEN.replace("model.parameters()", "[*model[0].parameters(), *model[2].parameters()]")
    pair, proof = prove_texts(tmp_path, SIDE, both)
    assert {(cause.trap, cause.where.partition(",")[0]) for cause in pair.causes} == {
        ("frozen-layer", "dense_2"),
        ("layer-left-out", "dense_3"),
    }
    assert [one.verdict for one in proof.corrected] == ["same"]


def test_the_same_frozen_twice_is_the_same(tmp_path: Path) -> None:
    one_by_one = "for parameter in model[2].parameters():\n    parameter.requires_grad = False\ncriterion"
    pair, _ = prove_texts(tmp_path, FROZEN, SIDE.replace("criterion", one_by_one, 1))
    assert pair.verdict == "same"
