"""Sequences that are filled up with 0: one side leaves those steps out, in whatever form, and the other reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from .harness import prove_texts

POINTS = """
import numpy as np


def points():
    random = np.random.default_rng(5)
    x = random.integers(1, 9, size=(60, 6))
    x[np.arange(6)[None] >= random.integers(2, 7, size=60)[:, None]] = 0
    return x, (x[:, 0] % 3).astype(np.int64)
"""
TORCH = """
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence


class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(10, 5)
        self.lstm = nn.LSTM(5, 4, batch_first=True)
        self.head = nn.Linear(4, 3)

    def forward(self, x):
        BODY


model = Reader()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
"""
READS = TORCH.replace("BODY", "return self.head(self.lstm(self.table(x))[0][:, -1])")
PACKS = TORCH.replace(
    "BODY",
    "lengths = (x != 0).sum(1).cpu()\n"
    "        packed = pack_padded_sequence(self.table(x), lengths, batch_first=True, enforce_sorted=False)\n"
    "        return self.head(self.lstm(packed)[1][0][-1])",
)
LAST_VALID = TORCH.replace(
    "BODY",
    "outputs = self.lstm(self.table(x))[0]\n"
    "        return self.head(outputs[torch.arange(len(x)), (x != 0).sum(1) - 1])",
)
KERAS = """
import keras
from keras import layers

model = keras.Sequential(
    [
        keras.Input((6,), dtype="int32"),
        layers.Embedding(10, 5, mask_zero=MASKS),
        layers.LSTM(4),
        layers.Dense(3),
    ]
)
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile(optimizer=keras.optimizers.SGD(0.1), loss=loss)
"""
FLAX = """
import jax.numpy as jnp
import optax
from flax import nnx


class Reader(nnx.Module):
    def __init__(self, rngs):
        self.table = nnx.Embed(10, 5, rngs=rngs)
        self.rnn = nnx.RNN(nnx.OptimizedLSTMCell(5, 4, rngs=rngs))
        self.head = nnx.Linear(4, 3, rngs=rngs)

    def __call__(self, x):
        BODY


def loss_fn(model, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()


model = Reader(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)
"""
LENGTHS = FLAX.replace(
    "BODY",
    "carry, _ = self.rnn(self.table(x), seq_lengths=(x != 0).sum(1), return_carry=True)\n"
    "        return self.head(carry[1])",
)
READS_IN_FLAX = FLAX.replace("BODY", "return self.head(self.rnn(self.table(x))[:, -1])")
MASKED, NOT_MASKED = KERAS.replace("MASKS", "True"), KERAS.replace("MASKS", "False")


@pytest.mark.parametrize(
    ("a", "b"),
    [(READS, LAST_VALID), (MASKED, READS), (NOT_MASKED, LENGTHS), (READS_IN_FLAX, PACKS)],
    ids=["last-valid", "masked", "lengths", "packed"],
)
def test_steps_that_one_side_leaves_out_are_the_cause(a: str, b: str, tmp_path: Path) -> None:
    pair, proof = prove_texts(tmp_path, a, b, points=POINTS)
    (cause,) = (cause for cause in pair.causes if cause.trap == "embedding-mask")
    assert cause.explains.rung == "forward"
    assert not pair.unexplained
    assert [one.verdict for one in proof.corrected] == ["same"]


def test_a_mask_in_two_forms_is_no_difference(tmp_path: Path) -> None:
    pair, proof = prove_texts(tmp_path, MASKED, PACKS, points=POINTS)
    assert {cause.trap for cause in pair.causes} <= {"double-bias", "embedding-repeated-entries"}
    assert not pair.unexplained
    assert [one.verdict for one in proof.corrected] == ["same"]
