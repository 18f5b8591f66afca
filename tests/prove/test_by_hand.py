"""Sides without an optimizer, whose own step moves the weights."""

from __future__ import annotations

from pathlib import Path

import pytest

from paragone.errors import InputError

from .harness import JAX_NET, prove_texts

TORCH = """
import torch
from torch import nn

model = nn.Sequential(nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 3))
"""
OPTIMIZER = TORCH + "criterion = nn.CrossEntropyLoss()\noptimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n"
ASKS = (
    TORCH
    + """

def train_step(x, y):
    loss = nn.functional.cross_entropy(model(x), y)
    with torch.no_grad():
        for p, g in zip(model.parameters(), torch.autograd.grad(loss, list(model.parameters()))):
            p -= {rate} * g
    return loss
"""
)
JAX = (
    JAX_NET
    + """

model = Net(nnx.Rngs(0))


def loss_fn(model, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()


@nnx.jit
def train_step(model, x, y):
    loss, gradients = nnx.value_and_grad(loss_fn)(model, x, y)
    nnx.update(model, jax.tree.map(lambda p, g: {moved}, nnx.state(model, nnx.Param), gradients))
    return loss
"""
)
KERAS = """
import keras
import tensorflow as tf

model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(5, activation="tanh"), keras.layers.Dense(3)])
loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


@tf.function
def train_step(x, y):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=True))
    for variable, gradient in zip(model.trainable_variables, tape.gradient(loss, model.trainable_variables)):
        variable.assign_sub(0.1 * gradient)
    return loss
"""
STARTS = {"kernel-initialiser", "bias-initialiser"}


def test_steps_by_hand_are_the_same_where_they_do_the_same(tmp_path: Path) -> None:
    pair, _ = prove_texts(tmp_path, JAX.replace("{moved}", "p - 0.1 * g"), KERAS)
    assert pair.verdict == "same"
    assert {cause.trap for cause in pair.causes} <= STARTS


def test_its_rate_is_a_cause(tmp_path: Path) -> None:
    pair, proof = prove_texts(tmp_path, OPTIMIZER, ASKS.replace("{rate}", "0.2"))
    assert [(cause.trap, cause.a, cause.b) for cause in pair.causes] == [("learning-rate", "0.1", "0.2")]
    assert [one.verdict for one in proof.corrected] == ["same"]


def test_a_step_that_moves_in_another_way_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="moves the weights in a way that is not known"):
        prove_texts(tmp_path, OPTIMIZER, JAX.replace("{moved}", "0.9 * p - 0.1 * g"))
