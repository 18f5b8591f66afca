"""What parts two sides late in a trajectory is found at the step at which it does."""

from __future__ import annotations

from pathlib import Path

from .harness import first_failing, prove_texts

SIDE = """
import torch
from torch import nn

model = nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 3))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
steps = 0


def train_step(x, y):
    global steps
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
    steps += 1
    return loss
"""
LATER = SIDE.replace(
    "    return loss",
    "    if steps == 7:\n        with torch.no_grad():\n            model[2].bias[3] += 0.01\n    return loss",
)


def test_the_tensor_that_parts_first_is_told_and_not_those_that_follow(tmp_path: Path) -> None:
    pair, _ = prove_texts(tmp_path, SIDE, LATER, steps=10)
    assert first_failing(pair) == "trajectory"
    located = pair.located
    assert located is not None
    assert located.tensor == "dense_2/bias"
    assert located.element is not None
    assert located.element.index == (3,)
    assert "more differ" not in located.text
