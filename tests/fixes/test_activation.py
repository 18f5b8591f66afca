"""Another activation: the name in Keras, the class or function elsewhere, and what is not written for want of more."""

from __future__ import annotations

from pathlib import Path

import pytest

from paragone.fixes.patch import Change, fix_of
from paragone.prove.subject import Subject
from paragone.sides.scan import SideFile

NAMES = {
    "layers.Dense": ("keras.layers.Dense", ["units", "activation"]),
    "layers.Conv2D": ("keras.layers.Conv2D", ["filters", "kernel_size"]),
    "nn.GELU": ("torch.nn.modules.activation.GELU", ["approximate"]),
    "nn.ReLU": ("torch.nn.modules.activation.ReLU", ["inplace"]),
    "nn.Linear": ("torch.nn.modules.linear.Linear", ["in_features", "out_features"]),
    "F.gelu": ("torch.nn.functional.gelu", ["input", "approximate"]),
    "nnx.tanh": ("flax.nnx.tanh", ["x"]),
}
SPELLED = {"tensorflow": "Dense", "torch": "Linear", "jax": "Linear"}


def subject(framework: str, code: str, now: str) -> Subject:
    """A side of one line, after whose layer an activation follows."""
    names = {
        text: {"home": home, "parameters": parameters, "more": ["activation"], "any": False}
        for text, (home, parameters) in NAMES.items()
    }
    trait = {"where": "dense_1", "name": "activation", "value": now, "trap": "activation", "line": 1}
    row = {"name": "dense_1", "kind": "dense", "spelled": SPELLED[framework], "line": 1}
    said = {"traits": [trait], "layers": [row], "optimizer": "", "code": {"names": names}}
    return Subject(SideFile("s", Path("s.py"), "s.py", "", framework, f"{code}\n", "", ()), said, said)


@pytest.mark.parametrize(
    ("framework", "code", "now", "wanted", "after"),
    [
        ("tensorflow", 'layers.Dense(4, activation="gelu")', "gelu", "relu", 'layers.Dense(4, activation="relu")'),
        ("tensorflow", 'layers.Dense(4, "gelu")', "gelu", "tanh", 'layers.Dense(4, "tanh")'),
        ("tensorflow", 'layers.Dense(4, "gelu")', "gelu", "none", "layers.Dense(4, None)"),
        ("tensorflow", "layers.Dense(4)", "none", "silu", 'layers.Dense(4, activation="silu")'),
        ("torch", "nn.GELU()", "gelu", "relu", "nn.ReLU()"),
        ("torch", "nn.ReLU(True)", "relu", "none", "nn.Identity()"),
        ("torch", 'nn.GELU(approximate="tanh")', "gelu", "relu", "nn.ReLU()"),
        ("torch", "x = F.gelu(x)", "gelu", "silu", "x = F.silu(x)"),
        ("jax", "x = nnx.tanh(x)", "tanh", "softsign", "x = nnx.soft_sign(x)"),
    ],
)
def test_the_other_activation_is_named(framework: str, code: str, now: str, wanted: str, after: str) -> None:
    fix = fix_of(subject(framework, code, now), [Change("s", "activation", "dense_1", "activation", wanted)])
    assert fix.exact, fix.note
    assert fix.replacement == after


@pytest.mark.parametrize(
    ("framework", "code", "now", "wanted", "why"),
    [
        ("tensorflow", 'layers.Dense(4, "gelu")', "gelu", "leaky_relu (slope 0.1)", "is more than a name"),
        ("tensorflow", "layers.Dense(4, activation=act)", "gelu", "relu", "is not named by a text"),
        ("torch", "y = F.gelu(F.gelu(x))", "gelu", "relu", "does not call gelu alone"),
        ("torch", 'y = F.gelu(x, approximate="tanh")', "gelu", "relu", "does not call gelu alone"),
        ("torch", "y = own(x)", "gelu", "relu", "does not call gelu alone"),
        ("jax", "x = nnx.tanh(x)", "tanh", "mish", "does not call tanh alone"),
        ("jax", "x = nnx.tanh(x)", "tanh", "none", "does not call tanh alone"),
    ],
)
def test_what_a_name_does_not_say_is_not_written(framework: str, code: str, now: str, wanted: str, why: str) -> None:
    fix = fix_of(subject(framework, code, now), [Change("s", "activation", "dense_1", "activation", wanted)])
    assert not fix.exact
    assert why in fix.note
