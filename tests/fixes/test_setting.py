"""Settings of layers as arguments: what is written, and where it is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from paragone.fixes.patch import Change, fix_of
from paragone.prove.subject import Subject
from paragone.sides.scan import SideFile

CLASSES = {
    "torch": ("nn.Conv2d", "torch.nn.modules.conv.Conv2d", ["in_channels", "out_channels", "kernel_size", "stride"]),
    "tensorflow": ("layers.Conv2D", "keras.layers.Conv2D", ["filters", "kernel_size", "strides"]),
    "jax": ("nnx.Conv", "flax.nnx.Conv", ["in_features", "out_features"]),
}
MORE = ["padding", "dilation", "dilation_rate", "kernel_dilation", "strides"]


def subject(framework: str, call: str, padding: Any = 0, kind: str = "conv") -> Subject:
    """A side of one layer; `padding` is what was seen of it."""
    text, home, parameters = CLASSES[framework]
    if kind == "leaky_relu":
        text, home, parameters = "nn.LeakyReLU", "torch.nn.modules.activation.LeakyReLU", ["negative_slope"]
    about = {"home": home, "parameters": parameters, "more": MORE, "any": False}
    trait = {"where": "layer_1", "name": "padding", "value": padding, "trap": "convolution-padding"}
    row = {"name": "layer_1", "kind": kind, "spelled": home.rpartition(".")[2], "line": 1}
    said = {"traits": [trait], "layers": [row], "optimizer": "", "code": {"names": {text: about}}}
    return Subject(SideFile("s", Path("s.py"), "s.py", "", framework, f"layer = {call}\n", "", ()), said, said)


@pytest.mark.parametrize(
    ("framework", "call", "name", "value", "after"),
    [
        ("torch", "nn.Conv2d(1, 8, 3)", "strides", 2, "nn.Conv2d(1, 8, 3, stride=2)"),
        ("torch", "nn.Conv2d(1, 8, 3, 1)", "strides", "[2, 1]", "nn.Conv2d(1, 8, 3, (2, 1))"),
        ("torch", "nn.Conv2d(1, 8, 3)", "padding", "[[1, 1], [1, 1]]", "nn.Conv2d(1, 8, 3, padding=1)"),
        ("torch", "nn.Conv2d(1, 8, 3)", "padding", "[[1, 1], [2, 2]]", "nn.Conv2d(1, 8, 3, padding=(1, 2))"),
        ("tensorflow", "layers.Conv2D(8, 3)", "dilation", 2, "layers.Conv2D(8, 3, dilation_rate=2)"),
        (
            *("tensorflow", "layers.Conv2D(8, 3, 2)", "padding", "same [[0, 1], [0, 1]]"),
            'layers.Conv2D(8, 3, 2, padding="same")',
        ),
        (
            *("jax", 'nnx.Conv(1, 8, padding="VALID")', "padding", "[[0, 1], [1, 1]]"),
            "nnx.Conv(1, 8, padding=((0, 1), (1, 1)))",
        ),
        ("jax", "nnx.Conv(1, 8)", "dilation", 2, "nnx.Conv(1, 8, kernel_dilation=2)"),
    ],
)
def test_a_setting_is_written_as_its_argument(framework: str, call: str, name: str, value: Any, after: str) -> None:
    fix = fix_of(subject(framework, call, "[[0, 0], [0, 0]]"), [Change("s", "x", "layer_1", name, value)])
    assert fix.exact, fix.note
    assert fix.replacement == f"layer = {after}"


def test_a_slope_is_written_as_its_argument() -> None:
    side = subject("torch", "nn.LeakyReLU(0.3)", kind="leaky_relu")
    fix = fix_of(side, [Change("s", "leaky-relu-slope", "layer_1", "slope", 0.01)])
    assert (fix.exact, fix.replacement) == (True, "layer = nn.LeakyReLU(0.01)")


@pytest.mark.parametrize(
    ("framework", "call", "now", "value", "why"),
    [
        ("torch", "nn.Conv2d(1, 8, 3)", "[[0, 0], [0, 0]]", "[[0, 1], [0, 1]]", "is no argument in this framework"),
        ("torch", "nn.Conv2d(1, 8, 3)", "[[0, 0], [0, 0]]", "same [[0, 1], [0, 1]]", "is no argument"),
        ("torch", "nn.Conv2d(1, 8, 3)", "[[1, 1], [1, 1]]", "[[2, 2], [2, 2]]", "is not that of the call alone"),
        ("torch", "nn.Conv2d(1, 8, 3, padding=1)", "[[1, 2], [1, 2]]", "[[2, 2], [2, 2]]", "not that of the call"),
        ("torch", "nn.Conv2d(1, 8, 3, padding=pad)", "[[1, 1], [1, 1]]", "[[2, 2], [2, 2]]", "not that of the call"),
        ("tensorflow", "layers.Conv2D(8, 3)", "[[0, 0], [0, 0]]", "[[1, 1], [1, 1]]", "is no argument"),
    ],
)
def test_a_padding_that_cannot_be_said_there_is_refused(
    framework: str, call: str, now: str, value: str, why: str
) -> None:
    fix = fix_of(subject(framework, call, now), [Change("s", "convolution-padding", "layer_1", "padding", value)])
    assert not fix.exact
    assert why in fix.note


def test_a_setting_without_an_argument_is_refused() -> None:
    fix = fix_of(subject("torch", "nn.Conv2d(1, 8, 3)"), [Change("s", "x", "layer_1", "groups_at", 1)])
    assert not fix.exact
    assert "is no argument in this framework" in fix.note
