"""Which parameter is which, of two of one shape, where the models differ in something else as well."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..harness import prove_texts
from .bench import Children, aligned

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


GATED = SIDE.replace("nn.Linear(6, 6)", "nn.Linear(6, 5)").replace(
    """y = self.last(torch.relu(self.norm(self.first(x))))
        return self.out(torch.tanh(y + self.short(x)))""",
    "return self.out(torch.sigmoid(self.last(x)) * torch.tanh(self.short(x)))",
)
GATED_OTHERWISE = GATED.replace(
    "torch.sigmoid(self.last(x)) * torch.tanh(self.short(x))",
    "torch.tanh(self.short(x)) * (torch.sigmoid(self.last(x)) + 0.3 * x[:, :5].flip(0))",
)
CHAIN = GATED.replace("torch.sigmoid(self.last(x)) * torch.tanh(self.short(x))", "CALL").replace(
    "nn.Linear(6, 5)", "nn.Linear(6, 6)"
)
CHAIN = CHAIN.replace("nn.Linear(5, 3)", "nn.Linear(6, 3)").replace("nn.BatchNorm1d(6)", "nn.Identity()")


def test_layers_that_take_the_same_are_told_apart_by_what_follows_them(tmp_path: Path) -> None:
    pair, _ = prove_texts(tmp_path, GATED, GATED_OTHERWISE)
    assert pair.verdict == "different"
    assert pair.causes == ()  # not: a tanh in the place of a sigmoid
    assert pair.located is not None
    assert (pair.located.layer, pair.located.b.operation) == ("dense_3", "slice")


def test_layers_one_behind_the_other_are_never_exchanged(tmp_path: Path) -> None:
    one = CHAIN.replace("CALL", "torch.relu(self.short(torch.tanh(self.last(x))))")
    other = CHAIN.replace("CALL", "self.short(torch.relu(self.last(x)))")
    pair, _ = prove_texts(tmp_path, one, other)
    assert {cause.trap for cause in pair.causes} == {"activation"}
    assert pair.unexplained == ""


BLOCK = SIDE.replace("self.short = nn.Linear(6, 5)", "self.short = nn.Linear(5, 5)").replace(
    "self.last = nn.Linear(6, 5)", "self.last = nn.Linear(5, 5)"
)
BLOCK = BLOCK.replace(
    "self.first = nn.Linear(6, 6)", "self.stem = nn.Linear(6, 5)\n        self.first = nn.Linear(5, 5)"
)
BLOCK = BLOCK.replace("BatchNorm1d(6)", "BatchNorm1d(5)").replace(
    "self.last(torch.relu(self.norm(self.first(x))))",
    "self.last(torch.relu(self.norm(self.first(x := self.stem(x)))))",
)
SHORTCUT_BEFORE_THE_LAST = BLOCK.replace(
    """y = self.last(torch.relu(self.norm(self.first(x := self.stem(x)))))
        return self.out(torch.tanh(y + self.short(x)))""",
    """x = self.stem(x)
        y = torch.relu(self.norm(self.first(x)))
        return self.out(torch.tanh(self.short(x) + self.last(y) + 0.3 * y.flip(0)))""",
)


def test_a_shortcut_is_known_by_what_it_takes_also_beside_an_unknown_difference(
    tmp_path: Path, children: Children
) -> None:
    """It runs before the last layer of its block on one side and after it on the other, and has its shape."""
    assert SHORTCUT_BEFORE_THE_LAST != BLOCK
    x = np.random.default_rng(0).normal(size=(80, 6)).astype(np.float32)
    np.savez(tmp_path / "data.npz", x=x, y=(x[:, 0] > 0).astype(np.int64))
    files = [tmp_path / "one_side.py", tmp_path / "other_side.py"]
    for file, text in zip(files, (BLOCK, SHORTCUT_BEFORE_THE_LAST), strict=True):
        file.write_text(text, encoding="utf-8")
    (one,) = aligned(files, str(tmp_path / "data.npz"), tmp_path, children)[0].alignments
    partners = {row.a[0].split()[0]: row.b[0].split()[0] for row in one.weights}
    assert not one.agrees
    assert {partners[name] for name in ("short.weight", "short.bias")} == {"short.weight", "short.bias"}
    assert {partners[name] for name in ("last.weight", "last.bias")} == {"last.weight", "last.bias"}
