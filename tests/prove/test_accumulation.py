"""Gradients that one side adds up over several batches before it steps."""

from __future__ import annotations

from pathlib import Path

import pytest

from .harness import JAX_NET, prove_texts

TORCH = """
import torch
from torch import nn

model = nn.Sequential(nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 3))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
"""
ADDS_UP = (
    TORCH
    + """
EVERY, seen = 3, 0


def train_step(x, y):
    global seen
    loss = criterion(model(x), y)
    (loss / EVERY).backward()
    seen += 1
    if seen % EVERY == 0:
        optimizer.step()
        optimizer.zero_grad()
    return loss
"""
)
JAX = (
    JAX_NET
    + """

model = Net(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.sgd(0.05), wrt=nnx.Param)


def loss_fn(model, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()
"""
)
STEPS = JAX.replace("optax.sgd(0.05)", "optax.MultiSteps(optax.sgd(0.05), 3)")
KERAS = """
import keras

model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(5, activation="tanh"), keras.layers.Dense(3)])
optimizer = keras.optimizers.SGD(0.05, gradient_accumulation_steps=3)
model.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True))
"""
IN_FLOAT32 = "every 3 batches, mean, kept in float32"
STARTS = {"kernel-initialiser", "bias-initialiser"}


@pytest.mark.parametrize(
    ("a", "b", "values"),
    [
        (TORCH, ADDS_UP, ("every batch", "every 3 batches, mean")),
        (TORCH, ADDS_UP.replace("loss / EVERY", "loss"), ("every batch", "every 3 batches, sum")),
        (TORCH, STEPS, ("every batch", IN_FLOAT32)),
        (KERAS, JAX, ("every 3 batches, mean", "every batch")),
        (KERAS, STEPS, ("every 3 batches, mean", IN_FLOAT32)),
        (ADDS_UP.replace("loss / EVERY", "loss"), STEPS, ("every 3 batches, sum", IN_FLOAT32)),
    ],
    ids=["torch", "sum", "optax", "keras", "kept in float32", "sum against mean"],
)
def test_it_is_named_and_taken_out(tmp_path: Path, a: str, b: str, values: tuple[str, str]) -> None:
    pair, proof = prove_texts(tmp_path, a, b)
    found = {cause.trap: cause for cause in pair.causes}
    assert set(found) - STARTS == {"gradient-accumulation"}
    assert (found["gradient-accumulation"].a, found["gradient-accumulation"].b) == values
    assert [one.verdict for one in proof.corrected] == ["same"]
    assert pair.unexplained == ""


def test_the_same_in_two_frameworks_is_the_same(tmp_path: Path) -> None:
    pair, _ = prove_texts(tmp_path, ADDS_UP, KERAS)
    assert pair.verdict == "same"


@pytest.mark.parametrize(
    ("other", "line"),
    [
        (KERAS, "optimizer = keras.optimizers.SGD(0.05, gradient_accumulation_steps=None)"),
        (STEPS, "optimizer = nnx.Optimizer(model, optax.sgd(0.05), wrt=nnx.Param)"),
    ],
    ids=["keras", "optax"],
)
def test_the_fix_is_the_line(tmp_path: Path, other: str, line: str) -> None:
    pair, _ = prove_texts(tmp_path, TORCH, other)
    fix = next(cause.fix for cause in pair.causes if cause.trap == "gradient-accumulation")
    assert fix is not None
    assert (fix.exact, fix.replacement) == (True, line)


def test_something_else_is_taken_out_inside_of_it(tmp_path: Path) -> None:
    decayed = STEPS.replace("optax.sgd(0.05)", "optax.adam(0.05, eps=1e-3)")
    adam = JAX.replace("optax.sgd(0.05)", "optax.MultiSteps(optax.adam(0.05), 3)")
    pair, proof = prove_texts(tmp_path, adam, decayed)
    assert [cause.trap for cause in pair.causes] == ["adam-epsilon-default"]
    assert [one.verdict for one in proof.corrected] == ["same"]
