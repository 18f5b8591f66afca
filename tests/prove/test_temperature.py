"""Logits that are divided by a number, in the loss or at the end of the model, and labels that are one class off."""

from __future__ import annotations

from pathlib import Path

import pytest

from .harness import prove_texts

TORCH = """
import torch
import torch.nn.functional as F
from torch import nn

net = nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 3))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = net

    def forward(self, x):
        return self.net(x)


model = Net()


def criterion(logits, y):
    return F.cross_entropy(logits, y)


optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
"""
KERAS = """
import keras

model = keras.Sequential([
    keras.layers.Input((6,)),
    keras.layers.Dense(8, activation="tanh"),
    keras.layers.Dense(3),
    keras.layers.Softmax(),
])
model.compile(keras.optimizers.SGD(0.05), keras.losses.SparseCategoricalCrossentropy())
"""
LAMBDA = KERAS.replace("keras.layers.Softmax", "keras.layers.Lambda(lambda z: z / 2.0),\n    keras.layers.Softmax")


@pytest.mark.parametrize(
    ("a", "b", "trap", "values"),
    [
        (TORCH, TORCH.replace("self.net(x)", "self.net(x) * 0.25"), "temperature", ("1", "0.25")),
        (TORCH, TORCH.replace("(logits, y)\n\n", "(logits / 4, y)\n\n"), "loss-temperature", ("1", "4")),
        (
            TORCH,
            TORCH.replace("F.cross_entropy(logits, y)", "16 * F.cross_entropy(logits / 4, y)"),
            "loss-temperature",
            ("1", "4"),
        ),
        (KERAS, LAMBDA, "temperature", ("1", "0.5")),
        (TORCH, LAMBDA, "temperature", ("1", "0.5")),
        (TORCH, TORCH.replace("(logits, y)\n\n", "(logits, (y + 1) % 3)\n\n"), "label-offset", ("0", "1")),
    ],
    ids=["model", "loss", "distilled", "keras", "keras against torch", "labels"],
)
def test_it_is_named_and_taken_out(tmp_path: Path, a: str, b: str, trap: str, values: tuple[str, str]) -> None:
    pair, proof = prove_texts(tmp_path, a, b)
    (cause,) = [one for one in pair.causes if one.trap == trap]
    assert (cause.a, cause.b) == values
    assert cause.explains.removed < 1e-10
    assert {one.trap for one in pair.causes} <= {trap, "loss-scale", "kernel-initialiser", "bias-initialiser"}
    assert pair.unexplained == ""
    assert [one.verdict for one in proof.corrected] == ["same"]


def test_what_is_divided_where_the_other_side_divides_too_is_no_difference(tmp_path: Path) -> None:
    halved = TORCH.replace("self.net(x)", "self.net(x) / 2")
    pair, _ = prove_texts(tmp_path, halved, TORCH.replace("self.net(x)", "self.net(x) * 0.5"))
    assert pair.verdict == "same"


def test_a_constant_that_is_added_is_no_temperature(tmp_path: Path) -> None:
    pair, _ = prove_texts(tmp_path, TORCH, TORCH.replace("self.net(x)", "self.net(x) * 0.5 + torch.arange(3.0)"))
    assert pair.verdict == "different"
    assert pair.causes == ()
    assert pair.unexplained
