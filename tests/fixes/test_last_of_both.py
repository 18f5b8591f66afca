"""The last output of both directions: the forms in which people take the last step are replaced, and no others."""

from __future__ import annotations

import pytest

from paragone.fixes.patch import Change, fix_of, patch_of

from .sides import side

TORCH = """import torch
from torch import nn


class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.read = nn.LSTM(2, 3, batch_first=True, bidirectional=True)

    def forward(self, x):
        first = x[:, -1]
        TAKES
"""
CHANGE = Change("torch", "bidirectional-last-output", "lstm_1", "last_output_2", "after all steps", line=12)
LAYERS = (("lstm_1", "lstm", "LSTM", 8, ""),)


def fixed(takes: str, code: str = TORCH) -> str:
    fix = fix_of(side(code.replace("TAKES", takes), "torch", layers=LAYERS), [CHANGE])
    return fix.replacement if fix.exact else fix.note


@pytest.mark.parametrize(
    ("takes", "becomes"),
    [
        ("return self.read(x)[0][:, -1]", "return last_of_both(self.read(x)[0])"),
        ("out, _ = self.read(x)\n        return out[:, -1, :]", "return last_of_both(out)"),
        ("out = self.read(x)[0]\n        return out[:, -1] + 1", "return last_of_both(out) + 1"),
    ],
)
def test_the_last_step_of_the_layer_s_outputs_becomes_the_last_of_both(takes: str, becomes: str) -> None:
    assert fixed(takes) == becomes


def test_what_is_no_last_step_of_the_layer_is_left_alone() -> None:
    assert fixed("return self.read(x)[0].mean(1)") == (
        "no exact edit: no [:, -1] takes the last step of what lstm_1 gives"
    )
    one_way = TORCH.replace(", bidirectional=True", "")
    assert "goes both ways" in fixed("return self.read(x)[0][:, -1]", one_way)


def test_the_patch_brings_the_function() -> None:
    code = TORCH.replace("TAKES", "return self.read(x)[0][:, -1]")
    patch = patch_of([side(code, "torch", layers=LAYERS)], [CHANGE])
    assert patch is not None
    assert patch.left == ()
    assert "+def last_of_both(outputs):" in patch.diff
    assert "+    return torch.cat([outputs[:, -1, :half], outputs[:, 0, half:]], -1)" in patch.diff
