"""Edits of source: the call gets the argument and nothing else changes, however it is written."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paragone.fixes.draft import Callee, Draft, UnfixableError
from paragone.fixes.patch import Change, fix_of, patch_of
from paragone.fixes.source import Source
from paragone.fixes.start import StartTensor
from paragone.prove.subject import Subject
from paragone.sides.scan import SideFile

PARAMETERS = ("units", "rate", "eps", "name")
CALLEE = Callee("lib.make", PARAMETERS, ("only",))
BLANKS = st.sampled_from(["", " ", "\n    ", "  # a, comment)\n    "])
VALUES = st.sampled_from(["1", "1e-3", '"a, b)"', "(1, 2)", "(3)", "[4]", "é", "{'k': 5}", "-6"])


@st.composite
def calls(draw: st.DrawFn) -> str:
    """`make(…)` in many ways of writing, of arguments by place and by name."""
    by_place = draw(st.integers(0, len(PARAMETERS)))
    names = draw(st.lists(st.sampled_from([*PARAMETERS[by_place:], "only"]), unique=True))
    pieces = [draw(VALUES) for _ in range(by_place)] + [f"{name}={draw(VALUES)}" for name in names]
    pieces = [draw(BLANKS) + piece + draw(BLANKS) for piece in pieces]
    comma = "," if pieces and draw(st.booleans()) else ""
    return f"make({','.join(pieces)}{comma}{draw(BLANKS)})"


def bound(text: str) -> dict[str, Any]:
    """What a call gives to each parameter."""
    found: dict[str, Any] = {}

    def make(units: Any = None, rate: Any = None, eps: Any = None, name: Any = None, *, only: Any = None) -> None:
        found.update(units=units, rate=rate, eps=eps, name=name, only=only)

    exec(text, {"make": make, "é": "é"})
    return found


@settings(max_examples=400)
@given(
    text=calls(),
    wanted=st.dictionaries(st.sampled_from([*PARAMETERS, "only"]), st.sampled_from(["7", '"new"']), min_size=1),
    before=st.sampled_from(["", "x = 'ü'; ", "# é\n"]),
)
def test_the_call_gets_these_arguments_and_keeps_all_others(text: str, wanted: dict[str, str], before: str) -> None:
    source = Source(f"{before}{text}  # the end\n")
    draft = Draft(source, {})
    (node,) = [call for call in source.calls if getattr(call.func, "id", "") == "make"]
    for name, value in wanted.items():
        draft.call(node, CALLEE).set(source, name, value)
    result = draft.result()
    assert bound(result) == {**bound(source.text), **{name: ast.literal_eval(value) for name, value in wanted.items()}}
    assert result.startswith(before)
    assert result.endswith("  # the end\n")
    comments = [piece for piece in ("# a, comment)", "# the end") if piece in source.text]
    assert all(result.count(piece) == source.text.count(piece) for piece in comments)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("make(4)", "make(4, eps=9)"),
        ("make()", "make(eps=9)"),
        ("make(4, eps=1)", "make(4, eps=9)"),
        ("make(4, 5, 6)", "make(4, 5, 9)"),
        ("make(\n    4,\n    rate=2,\n)", "make(\n    4,\n    rate=2,\n    eps=9,\n)"),
        ("make(\n    4,\n    rate=2\n)", "make(\n    4,\n    rate=2,\n    eps=9\n)"),
        ("make(4,\n     rate=2)", "make(4,\n     rate=2,\n     eps=9)"),
        ("f(make(4), make)", "f(make(4, eps=9), make)"),
    ],
)
def test_the_style_of_the_call_is_kept(before: str, after: str) -> None:
    source = Source(before)
    draft = Draft(source, {})
    node = next(call for call in source.calls if getattr(call.func, "id", "") == "make")
    draft.call(node, CALLEE).set(source, "eps", "9")
    assert draft.result() == after


def test_a_value_that_came_from_a_variable_is_told() -> None:
    source = Source("make(4, eps=EPS)")
    draft = Draft(source, {})
    draft.call(source.calls[0], CALLEE).set(source, "eps", "9")
    assert draft.all_notes() == ["eps was EPS; the value stands in its place"]
    assert draft.result() == "make(4, eps=9)"


@pytest.mark.parametrize("text", ["make(*given)", "make(4, **given)"])
def test_arguments_from_elsewhere_are_left_alone(text: str) -> None:
    source = Source(text)
    with pytest.raises(UnfixableError, match="handed on"):
        Draft(source, {}).call(source.calls[0], CALLEE).set(source, "rate", "9")


def test_an_argument_that_is_none_is_refused() -> None:
    source = Source("make(4)")
    with pytest.raises(UnfixableError, match="takes no momentum"):
        Draft(source, {}).call(source.calls[0], CALLEE).set(source, "momentum", "9")


# ---------------------------------------------------------------------- whole sides

TORCH = """\
import torch
from torch import nn

RATE = 0.1


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.norms = nn.ModuleList(nn.LayerNorm(8) for _ in range(2))
        self.last = nn.LayerNorm(8, 1e-6)


model = Net()
optimizer = torch.optim.Adam(
    model.parameters(),
    lr=RATE,  # as in the paper
)
"""
NAMES = {
    "torch": {"home": "torch"},
    "nn": {"home": "torch.nn"},
    "torch.optim.Adam": {
        "home": "torch.optim.adam.Adam",
        "parameters": ["params", "lr", "betas", "eps", "weight_decay", "amsgrad"],
        "more": [],
        "any": False,
    },
    "nn.LayerNorm": {
        "home": "torch.nn.modules.normalization.LayerNorm",
        "parameters": ["normalized_shape", "eps", "elementwise_affine", "bias"],
        "more": [],
        "any": False,
    },
}
LAYERS = [("layer_norm_1", 10), ("layer_norm_2", 10), ("layer_norm_3", 11)]


def subject(code: str = TORCH, path: Path = Path("side.py")) -> Subject:
    file = SideFile("torch", path, path.name, "", "torch", code, "", ())
    traits = [
        {"where": "optimizer", "name": name, "value": value, "trap": "x", "line": 15}
        for name, value in {
            "optimizer": "adam",
            "learning_rate": 0.1,
            "beta_1": 0.9,
            "beta_2": 0.999,
            "epsilon": 1e-8,
            "weight_decay": 0.0,
        }.items()
    ]
    said = {
        "traits": traits,
        "optimizer": "Adam",
        "layers": [{"name": name, "kind": "layer_norm", "spelled": "LayerNorm", "line": line} for name, line in LAYERS],
        "code": {
            "names": NAMES,
            "model": "model",
            "paths": {"layer_norm_1": "norms.0", "layer_norm_2": "norms.1", "layer_norm_3": "last"},
        },
    }
    return Subject(file, said, said)


def optimizer(name: str, value: Any, trap: str = "x") -> Change:
    return Change("torch", trap, "optimizer", name, value, line=15)


def norm(number: int) -> Change:
    return Change("torch", "layer-norm-epsilon", f"layer_norm_{number}", "epsilon", 1e-3, line=LAYERS[number - 1][1])


def test_a_fix_names_the_line_what_stands_there_and_what_comes() -> None:
    fix = fix_of(subject(), [optimizer("learning_rate", 0.2)])
    assert (fix.line, fix.text, fix.replacement) == (17, "lr=RATE,  # as in the paper", "lr=0.2,  # as in the paper")
    assert fix.exact
    assert fix.note == "lr was RATE; the value stands in its place"


def test_one_beta_keeps_the_other() -> None:
    fix = fix_of(subject(), [optimizer("beta_2", 0.99)])
    assert (fix.line, fix.text, fix.replacement) == (18, "", "betas=(0.9, 0.99),")


def test_a_helper_is_said_apart_from_the_line() -> None:
    fix = fix_of(subject(), [optimizer("epsilon_place", "before the bias correction", "adam-epsilon-place")])
    assert fix.text == "optimizer = torch.optim.Adam("
    assert fix.replacement == "optimizer = KerasAdam("
    assert fix.adds.startswith("class KerasAdam(torch.optim.Adam):")


def test_another_form_of_decay_is_another_class_with_the_decay_said() -> None:
    side = subject(TORCH.replace("lr=RATE", "lr=RATE, weight_decay=DECAY"))
    side.said["traits"][-1]["value"] = 0.1
    fix = fix_of(side, [optimizer("decay_form", True, "weight-decay-form")])
    assert "torch.optim.AdamW(" in fix.replacement
    assert "weight_decay=0.1" in fix.replacement


def test_one_line_that_makes_several_layers_is_changed_for_all_of_them_or_not_at_all() -> None:
    both = fix_of(subject(), [norm(1)], [norm(2)])
    assert both.replacement == "self.norms = nn.ModuleList(nn.LayerNorm(8, eps=0.001) for _ in range(2))"
    alone = fix_of(subject(), [norm(1)])
    assert not alone.exact
    assert "only some of them" in alone.note


def test_an_argument_by_its_place_stays_there() -> None:
    assert fix_of(subject(), [norm(3)]).replacement == "self.last = nn.LayerNorm(8, 0.001)"


def test_a_start_is_a_statement_after_the_model() -> None:
    tensors = tuple(
        StartTensor(f"layer_norm_{n}/scale", law, 8, 8, 1) for n, law in ((1, "constant 0.5"), (3, "constant 0.5"))
    )
    fix = fix_of(subject(), [Change("torch", "kernel-initialiser", tensors=tensors)])
    assert fix.text == ""
    assert fix.replacement == ("for layer in (model.norms[0], model.last):\n    nn.init.constant_(layer.weight, 0.5)")


@pytest.mark.parametrize(
    "change",
    [
        Change("torch", "bias-initialiser", tensors=(StartTensor("lstm_1/bias", "constant 0", 8, 8, 1),)),
        Change("torch", "layer-norm-epsilon", "lstm_1", "epsilon", 1e-3),
    ],
)
def test_a_layer_that_the_side_does_not_name_is_no_exact_edit(change: Change) -> None:
    fix = fix_of(subject(), [change])
    assert not fix.exact
    assert "lstm_1" in fix.note


def test_lines_that_do_not_stand_together_are_hunks_of_their_own() -> None:
    fix = fix_of(subject(), [norm(3), optimizer("learning_rate", 0.2)])
    assert [hunk.text for hunk in fix.hunks] == ["self.last = nn.LayerNorm(8, 1e-6)", "lr=RATE,  # as in the paper"]
    assert fix.line == fix.hunks[0].line < fix.hunks[1].line == 17


def test_a_cause_without_an_edit_is_left_by_name_and_the_others_are_made() -> None:
    patch = patch_of([subject()], [norm(1), optimizer("epsilon", 1e-7), optimizer("rho", 0.5)])
    assert patch is not None
    assert patch.fixed == ("x in torch",)
    assert "+    eps=1e-7," in patch.diff
    assert len(patch.left) == 2
    assert patch.left[0].startswith("layer-norm-epsilon in torch: ")
    assert patch_of([subject()], []) is None


def test_two_files_of_one_name_are_not_confused() -> None:
    other = subject(path=Path("elsewhere/side.py"))
    other = Subject(SideFile("other", *[getattr(other.file, n) for n in list(other.file.__dict__)[1:]]), other.said)
    changes = [optimizer("epsilon", 1e-7), Change("other", "x", "optimizer", "epsilon", 1e-7)]
    patch = patch_of([subject(), other], changes)
    assert patch is not None
    assert patch.files == ("side.py",)
    assert patch.left == ("x in other: two files are called side.py",)


ENDS: dict[str, Callable[[str], bytes]] = {
    "line feeds": str.encode,
    "carriage returns": lambda text: text.replace("\n", "\r\n").encode(),
    "a byte order mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "no last line feed": lambda text: text.rstrip("\n").encode(),
}


@pytest.mark.parametrize("ends", ENDS)
def test_the_diff_is_applied_by_patch_whatever_the_ends_of_lines(tmp_path: Path, ends: str) -> None:
    write = ENDS[ends]
    path = tmp_path / "side.py"
    path.write_bytes(write(TORCH))
    patch = patch_of([subject(path.read_text(encoding="utf-8-sig"), path)], [optimizer("epsilon", 1e-7), norm(3)])
    assert patch is not None
    subprocess.run(["patch", "-p1"], cwd=tmp_path, input=patch.diff.encode(), check=True, capture_output=True)
    wanted = TORCH.replace("(8, 1e-6)", "(8, 0.001)").replace(
        "lr=RATE,  # as in the paper", "lr=RATE,  # as in the paper\n    eps=1e-7,"
    )
    assert path.read_bytes() == write(wanted)
