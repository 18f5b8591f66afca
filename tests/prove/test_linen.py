"""Models of Flax Linen: what their modules do inside is compared, named and corrected as with those of Flax NNX."""

from __future__ import annotations

from pathlib import Path

import pytest

from paragone.records import Pair

from .harness import prove_texts

TORCH = """
import torch
from torch import nn

model = nn.Sequential(
    nn.Linear(6, 5), nn.BatchNorm1d(5), nn.Tanh(), nn.LayerNorm(5), nn.Dropout(0.2), nn.Linear(5, 3)
)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
"""
HEAD = """
from typing import Any

import jax
import jax.numpy as jnp
import optax
from flax import linen as nn
from flax.training import train_state
"""
COMPACT = """

class Net(nn.Module):
    @nn.compact
    def __call__(self, x, train: bool = True):
        x = nn.tanh(nn.BatchNorm(not train, momentum={momentum})(nn.Dense(5)(x)))
        x = nn.LayerNorm(epsilon={epsilon})(x)
        x = nn.Dropout({rate}, deterministic=not train)(x)
        return nn.Dense(3)(x)
"""
SETUP = """

class Hidden(nn.Module):
    width: int

    def setup(self):
        self.dense = nn.Dense(self.width)
        self.norm = nn.BatchNorm(momentum={momentum})
        self.first = nn.LayerNorm(epsilon={epsilon})

    def __call__(self, x, train):
        return self.first(nn.tanh(self.norm(self.dense(x), use_running_average=not train)))


class Net(nn.Module):
    def setup(self):
        self.hidden = Hidden(5)
        self.dropout = nn.Dropout({rate})
        self.head = nn.Dense(3)

    def __call__(self, x, train: bool):
        return self.head(self.dropout(self.hidden(x, train), deterministic=not train))
"""
MADE = """

model = Net()
variables = model.init(jax.random.key(0), jnp.ones((1, 6)), train=False)
"""
IN_A_STATE = """

class TrainState(train_state.TrainState):
    batch_stats: Any


state = TrainState.create(
    apply_fn=model.apply, params=variables["params"], batch_stats=variables["batch_stats"], tx=optax.adam(0.01)
)


@jax.jit
def train_step(state, batch, dropout_key):
    def loss_fn(params):
        logits, updates = state.apply_fn(
            {"params": params, "batch_stats": state.batch_stats},
            batch["image"],
            train=True,
            mutable=["batch_stats"],
            rngs={"dropout": jax.random.fold_in(dropout_key, state.step)},
        )
        return optax.softmax_cross_entropy_with_integer_labels(logits, batch["label"]).mean(), (logits, updates)

    (loss, (logits, updates)), grads = jax.value_and_grad(loss_fn, has_aux=True)(state.params)
    state = state.apply_gradients(grads=grads)
    return state.replace(batch_stats=updates["batch_stats"]), {"loss": loss, "logits": logits}
"""
IN_FUNCTIONS = """
params, batch_stats = variables["params"], variables["batch_stats"]
tx = optax.adam(0.01)
opt_state = tx.init(params)


def loss_fn(params, batch_stats, x, y, key):
    logits, updates = model.apply(
        {"params": params, "batch_stats": batch_stats}, x, True, mutable=["batch_stats"], rngs={"dropout": key}
    )
    return optax.softmax_cross_entropy_with_integer_labels(logits, y).mean(), updates["batch_stats"]


@jax.jit
def train_step(params, batch_stats, opt_state, x, y, key):
    (loss, batch_stats), grads = jax.value_and_grad(loss_fn, has_aux=True)(params, batch_stats, x, y, key)
    updates, opt_state = tx.update(grads, opt_state, params)
    return optax.apply_updates(params, updates), batch_stats, opt_state, loss
"""
IN_A_LOSS = """
model_state = {"batch_stats": variables["batch_stats"]}
params = variables["params"]
tx = optax.adam(0.01)


@jax.jit
def loss_fn(params, model_state, batch, rngs):
    logits, model_state = model.apply(
        {"params": params, **model_state}, batch["x"], train=True, mutable=list(model_state), rngs=rngs
    )
    return optax.softmax_cross_entropy_with_integer_labels(logits, batch["y"]).mean(), model_state
"""
OWN = {"kernel-initialiser", "bias-initialiser", "batch-norm-unbiased-variance"}
"""What these pairs differ in as the frameworks do by themselves."""


def linen(model: str, rest: str, momentum: str = "0.9", epsilon: str = "1e-5", rate: str = "0.2") -> str:
    numbers = {"{momentum}": momentum, "{epsilon}": epsilon, "{rate}": rate}
    for name, number in numbers.items():
        model = model.replace(name, number)
    return HEAD + model + MADE + rest


def named(pair: Pair) -> set[str]:
    return {cause.trap for cause in pair.causes} - OWN


@pytest.mark.parametrize("model", [COMPACT, SETUP], ids=["compact", "setup"])
@pytest.mark.parametrize("rest", [IN_A_STATE, IN_FUNCTIONS, IN_A_LOSS], ids=["state", "functions", "loss"])
def test_statistics_and_keys_go_from_step_to_step(model: str, rest: str, tmp_path: Path) -> None:
    pair, proof = prove_texts(tmp_path, TORCH, linen(model, rest))
    assert named(pair) == set()
    assert [one.verdict for one in proof.corrected] == ["same"]


@pytest.mark.parametrize("model", [COMPACT, SETUP], ids=["compact", "setup"])
def test_numbers_of_modules_are_causes_with_their_lines(model: str, tmp_path: Path) -> None:
    text = linen(model, IN_FUNCTIONS, momentum="0.99", epsilon="1e-3", rate="0.5")
    pair, proof = prove_texts(tmp_path, TORCH, text)
    assert named(pair) == {"batch-norm-momentum", "layer-norm-epsilon", "dropout-rate"}
    for trap, maker in (("batch-norm-momentum", "nn.BatchNorm("), ("layer-norm-epsilon", "nn.LayerNorm(")):
        fix = next(cause.fix for cause in pair.causes if cause.trap == trap)
        assert fix is not None
        assert fix.exact
        assert maker in fix.text
    assert [one.verdict for one in proof.corrected] == ["same"]


ATTENTION = """

class Net(nn.Module):
    @nn.compact
    def __call__(self, x):
        x = x.reshape(-1, 3, 2)
        x = x + nn.MultiHeadDotProductAttention(num_heads=2)(x, x)
        return nn.Dense(3)(nn.LayerNorm()(x).mean(axis=1))


model = Net()
params = model.init(jax.random.key(0), jnp.ones((1, 6)))["params"]
tx = optax.adam(0.01)


def loss_fn(params, batch):
    logits = model.apply({"params": params}, batch["x"])
    return optax.softmax_cross_entropy_with_integer_labels(logits, batch["y"]).mean()


@jax.jit
def train_step(params, opt_state, batch):
    loss, grads = jax.value_and_grad(loss_fn)(params, batch)
    updates, opt_state = tx.update(grads, opt_state, params)
    return optax.apply_updates(params, updates), opt_state, loss
"""
TORCH_ATTENTION = """
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = nn.MultiheadAttention(2, 2, batch_first=True)
        self.norm, self.head = nn.LayerNorm(2), nn.Linear(2, 3)

    def forward(self, x):
        x = x.reshape(-1, 3, 2)
        x = x + self.attention(x, x, x, need_weights=False)[0]
        return self.head(self.norm(x).mean(1))


model = Net()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
"""


def test_attention_is_aligned_and_a_batch_is_followed_into_the_loss(tmp_path: Path) -> None:
    pair, proof = prove_texts(tmp_path, TORCH_ATTENTION, HEAD + ATTENTION)
    assert named(pair) == {"layer-norm-epsilon"}
    assert pair.unexplained == ""
    assert [one.verdict for one in proof.corrected] == ["same"]


SEQUENCES = """
import numpy as np


def points():
    random = np.random.default_rng(5)
    x = random.normal(size=(64, 3, {features})).astype(np.float32)
    return x, (x.sum((1, 2)) > 0).astype(np.int64)
"""
LSTM = """
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm, self.head = nn.LSTM({features}, 5, batch_first=True), nn.Linear(5, 2)

    def forward(self, x):
        return self.head(self.lstm(x)[0][:, -1])


model = Net()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
"""
CELL = """

class Net(nn.Module):
    @nn.compact
    def __call__(self, x):
        cell = nn.LSTMCell(5)
        carry = cell.initialize_carry(jax.random.key(0), x[:, 0].shape)
        for step in range(x.shape[1]):
            carry, out = cell(carry, x[:, step])
        return nn.Dense(2)(out)


model = Net()
params = model.init(jax.random.key(0), jnp.ones((1, 3, {features})))
tx = optax.adam(0.01)


def loss_fn(params, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model.apply(params, x), y).mean()
"""


def test_gates_that_run_in_turns_are_those_of_a_cell_with_two_biases(tmp_path: Path) -> None:
    texts = [text.replace("{features}", "4") for text in (LSTM, HEAD + CELL, SEQUENCES)]
    pair, proof = prove_texts(tmp_path, texts[0], texts[1], points=texts[2])
    assert [(one.trap, one.a, one.b) for one in pair.causes] == [("double-bias", "two", "one")]
    assert [one.verdict for one in proof.corrected] == ["same"]
