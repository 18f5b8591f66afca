"""Sides that differ in something that is read off them are aligned without it; an unknown difference shows nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from paragone.records import Alignment

from .bench import Children, aligned

SIDES = Path(__file__).parents[2] / "sides" / "aligned"
FILES = {"torch": "torch", "tensorflow": "keras"}
DATA = f"{SIDES / 'data.py'}:sequences"


def alignment(tmp_path: Path, children: Children, framework: str, *edit: str) -> Alignment:
    """Of attention in PyTorch and in another framework, with one statement written otherwise."""
    files = []
    for name in ("torch", framework):
        code = (SIDES / "attention_layers" / f"{FILES[name]}_side.py").read_text(encoding="utf-8")
        assert name == "torch" or edit[0] in code
        files.append(tmp_path / f"{name}_side.py")
        files[-1].write_text(code if name == "torch" else code.replace(*edit), encoding="utf-8")
    (one,) = aligned(files, DATA, tmp_path, children)[0].alignments
    return one


@pytest.mark.parametrize(
    ("old", "new", "traps"),
    [
        ("(h, h)", "(h, h, use_causal_mask=True)", ("attention-causal",)),
        ("(epsilon=1e-6)", "(epsilon=1e-2)", ("layer-norm-epsilon",)),
    ],
)
def test_what_differs_is_taken_out(
    old: str, new: str, traps: tuple[str, ...], tmp_path: Path, children: Children
) -> None:
    one = alignment(tmp_path, children, "tensorflow", old, new)
    assert one.agrees and one.found
    assert one.without == traps


def test_a_difference_that_nobody_knows_leaves_a_best_guess(tmp_path: Path, children: Children) -> None:
    one = alignment(tmp_path, children, "tensorflow", "h = h + layers.Multi", "h = h + 1.1 * layers.Multi")
    assert not one.agrees
    assert one.without == ()


def test_nothing_is_taken_out_of_sides_that_are_the_same(tmp_path: Path, children: Children) -> None:
    one = alignment(tmp_path, children, "tensorflow", "Dense(16)", "Dense(16, name='first')")
    assert one.agrees
    assert one.without == ()
