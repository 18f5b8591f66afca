"""A bias that one side alone has is named by its layer, left out by an edit, and without it the sides are the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from .harness import prove_texts

SIDE = """
import torch
from torch import nn

model = nn.Sequential(
    nn.Linear(6, 8),
    nn.Tanh(),
    nn.Linear(8, 8),
    nn.Tanh(),
    nn.Linear(8, 3),
)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
"""
BARE = SIDE.replace("nn.Linear(8, 8)", "nn.Linear(8, 8, bias=False)")
NORMED = SIDE.replace("nn.Tanh(),\n    nn.Linear(8, 3)", "nn.BatchNorm1d(8),\n    nn.Linear(8, 3)")
BARE_NORMED = NORMED.replace("nn.Linear(8, 8)", "nn.Linear(8, 8, bias=False)")


@pytest.mark.parametrize(
    ("a", "b", "values"),
    [
        (BARE, SIDE, ("none", "bias")),
        (SIDE, BARE, ("bias", "none")),
        (BARE_NORMED, NORMED, ("none", "bias")),
    ],
    ids=["the second", "the first", "before a normalisation, where it does nothing"],
)
def test_it_is_named_and_left_out(tmp_path: Path, a: str, b: str, values: tuple[str, str]) -> None:
    pair, proof = prove_texts(tmp_path, a, b)
    (cause,) = (cause for cause in pair.causes if not cause.trap.endswith("initialiser"))
    assert (cause.trap, cause.explains.rung, cause.a, cause.b) == ("extra-bias", "structure", *values)
    assert cause.where.startswith("dense_2, line 8")
    assert pair.unexplained == ""
    assert [one.verdict for one in proof.corrected] == ["same"]
    assert cause.fix is not None
    assert (cause.fix.exact, cause.fix.replacement.strip()) == (True, "nn.Linear(8, 8, bias=False),")
    assert proof.patch is not None  # and it is in the patch as well
    assert "bias=False" in proof.patch.diff
