"""The two forms of a GRU: the reset gate acts after the recurrent kernel, on a bias as well, or before it (row H3)."""

from __future__ import annotations

from pathlib import Path

import pytest

from .harness import prove_texts

POINTS = """
import numpy as np


def points():
    random = np.random.default_rng(5)
    x = random.normal(size=(60, 4, 5)).astype(np.float32)
    return x, (x[:, 0, :3].argmax(1)).astype(np.int64)
"""
KERAS = """
import keras
from keras import layers

model = keras.Sequential([keras.Input((4, 5)), LAYER, layers.Dense(3)])
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile(optimizer=keras.optimizers.SGD(0.1), loss=loss)
"""
TORCH = """
import torch
from torch import nn


class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.read = nn.GRU(5, 4, batch_first=True, MORE)
        self.head = nn.Linear(SIZE, 3)

    def forward(self, x):
        h = self.read(x)[1]
        return self.head(LAST)


model = Reader()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
"""
FLAX = """
import optax
from flax import nnx


class Reader(nnx.Module):
    def __init__(self, rngs):
        self.read = nnx.RNN(nnx.GRUCell(5, 4, rngs=rngs))
        self.head = nnx.Linear(4, 3, rngs=rngs)

    def __call__(self, x):
        return self.head(self.read(x)[:, -1])


def loss_fn(model, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()


model = Reader(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)
"""
FIRST = KERAS.replace("LAYER", "layers.GRU(4, reset_after=False)")
FIRST_BOTH_WAYS = KERAS.replace("LAYER", "layers.Bidirectional(layers.GRU(4, reset_after=False, use_bias=False))")
ONE_WAY = TORCH.replace("MORE", "bias=True").replace("SIZE", "4").replace("LAST", "h[-1]")
BOTH_WAYS = (
    TORCH.replace("MORE", "bias=False, bidirectional=True")
    .replace("SIZE", "8")
    .replace("LAST", "torch.cat([h[0], h[1]], -1)")
)


@pytest.mark.parametrize(
    ("a", "b"),
    [(FIRST, ONE_WAY), (FIRST_BOTH_WAYS, BOTH_WAYS), (FLAX, FIRST)],
    ids=["two-biases", "both-ways", "flax"],
)
def test_the_form_of_the_reset_gate_is_the_cause(a: str, b: str, tmp_path: Path) -> None:
    pair, proof = prove_texts(tmp_path, a, b, points=POINTS)
    (cause,) = (cause for cause in pair.causes if cause.trap == "gru-reset-form")
    assert cause.explains.rung == "forward"
    assert not pair.unexplained
    assert [one.verdict for one in proof.corrected] == ["same"]
