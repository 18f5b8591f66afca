"""Where a pair parts whose outputs and losses agree: on the batch of the gradients, forward before backward."""

from __future__ import annotations

from pathlib import Path

from .harness import first_failing, prove_texts

POINTS = """
import numpy as np


def points():
    random = np.random.default_rng(5)
    x = random.uniform(size=(80, 6)).astype(np.float32)
    test = x[:40].copy()
    x[::10] = 40.0
    return x, np.arange(80) % 3, test, np.arange(40) % 3
"""
"""Some rows of training stand far off; none of those that the rungs before the gradients see."""
SIDE = """
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm1d(6)
        self.hidden = nn.Linear(6, 5)
        self.out = nn.Linear(5, 3)

    def forward(self, x):
        x = self.norm(x)
        x = torch.tanh(self.hidden(x))
        return self.out(x)


model = Net()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
"""
CUT = "x = torch.clamp(self.norm(x), -2.5, 2.5) if self.training else self.norm(x)"
NO_WAY_BACK = "x = torch.tanh(self.hidden(x).detach())"


def test_a_value_that_only_the_batch_of_the_gradients_shows_is_found_on_the_way_forward(tmp_path: Path) -> None:
    pair, _ = prove_texts(tmp_path, SIDE, SIDE.replace("x = self.norm(x)", CUT), points=POINTS)
    assert first_failing(pair) == "gradients"
    assert pair.located is not None
    assert (pair.located.relation, pair.located.layer) == ("before", "dense_1"), pair.located.text
    assert pair.located.b.code == CUT
    assert "on the batch that the gradients are of" in pair.located.text


def test_where_only_derivatives_differ_the_first_gradient_is_told(tmp_path: Path) -> None:
    other = SIDE.replace("x = torch.tanh(self.hidden(x))", NO_WAY_BACK)
    pair, _ = prove_texts(tmp_path, SIDE, other, points=POINTS)
    assert first_failing(pair) == "gradients"
    assert pair.located is not None
    assert pair.located.tensor.startswith("dense_1/"), pair.located.text
