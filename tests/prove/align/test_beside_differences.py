"""Which parameter is which, of two of one shape, where the models differ in something else as well."""

from __future__ import annotations

from pathlib import Path

from ..harness import prove_texts

SIDE = """
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(6, 6)
        self.norm = nn.BatchNorm1d(6)
        self.last = nn.Linear(6, 5)
        self.short = nn.Linear(6, 5)
        self.out = nn.Linear(5, 3)

    def forward(self, x):
        y = self.last(torch.relu(self.norm(self.first(x))))
        return self.out(torch.tanh(y + self.short(x)))


model = Net()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
"""
OTHER_ORDER = SIDE.replace(
    """y = self.last(torch.relu(self.norm(self.first(x))))
        return self.out(torch.tanh(y + self.short(x)))""",
    """s = self.short(x)
        return self.out(torch.tanh(s + self.last(torch.relu(self.norm(self.first(x))))))""",
)
EPSILON = OTHER_ORDER.replace("BatchNorm1d(6)", "BatchNorm1d(6, eps=0.2)")
UNKNOWN = OTHER_ORDER.replace("torch.tanh(s", "torch.tanh(s + 0.3 * s.flip(0)")


def test_two_of_one_shape_are_told_apart_beside_a_known_difference(tmp_path: Path) -> None:
    pair, proof = prove_texts(tmp_path, SIDE, EPSILON)
    assert [cause.trap for cause in pair.causes] == ["batch-norm-epsilon"]
    assert pair.unexplained == ""
    assert [one.verdict for one in proof.corrected] == ["same"]
    assert proof.floors == ()  # all of what is far goes with the cause, so no rounding did it


def test_beside_an_unknown_difference_the_alignment_stays_a_guess(tmp_path: Path) -> None:
    pair, proof = prove_texts(tmp_path, SIDE, UNKNOWN)
    assert pair.verdict != "same"
    assert pair.causes == ()
    assert pair.unexplained
    assert {floor.side for floor in proof.floors} == {pair.a, pair.b}
