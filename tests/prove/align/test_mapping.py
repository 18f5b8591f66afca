"""The mapping file: written with our best guess, read back, checked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from paragone.errors import InputError
from paragone.prove.align.mapping import GivenPair, read_mapping
from paragone.prove.align.stage import Aligned, align

from .numpy_sides import Array, NumpyLab, NumpySide, lab_of, row

SIDES = ("a", "b")


def model(w: Mapping[str, Array], x: Array) -> list[Array]:
    return [np.tanh(x @ w["k"]) @ w["m"]]


def turned(w: Mapping[str, Array], x: Array) -> list[Array]:
    return [np.arctan(x @ w["u"].T) @ w["v"]]


def sides() -> NumpyLab:
    rows = [[row("k", (6, 6)), row("m", (6, 5))], [row("v", (6, 5)), row("u", (6, 6))]]
    return lab_of(NumpySide("a", rows[0], model), NumpySide("b", rows[1], turned))


def read(tmp_path: Path, text: str) -> dict[tuple[str, str], GivenPair]:
    path = tmp_path / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    return read_mapping(path, SIDES)


def aligned(lab: NumpyLab, given: dict[tuple[str, str], GivenPair] | None = None) -> Aligned:
    return align([side.subject() for side in lab.sides.values()], lab.laboratory, 0, given)


def text(a: str = '"k"', b: str = '"u"', more: str = "") -> str:
    return f'[[pair]]\na = "a"\nb = "b"\n[[pair.link]]\na = [{a}]\nb = [{b}]\n{more}\n'


def test_what_we_write_is_read_back_and_means_the_same(tmp_path: Path) -> None:
    first = aligned(sides())
    assert not first.alignments[0].agrees
    assert "--map mapping.toml" in first.mapping
    again = aligned(sides(), read(tmp_path, first.mapping))
    assert [one.b for one in again.alignments[0].weights] == [one.b for one in first.alignments[0].weights]


def test_a_layout_that_the_file_says_is_taken(tmp_path: Path) -> None:
    both = text(more='layout = 0\n[[pair.link]]\na = ["m"]\nb = ["v"]')
    lab = sides()
    aligned(lab, read(tmp_path, both))
    assert {w.path: w.steps for w in lab.maps["b"].weights} == {"u": (), "v": ()}
    lab = sides()
    aligned(lab, read(tmp_path, both.replace("layout = 0", 'steps = [["transpose", [1, 0]]]')))
    assert {w.path: w.steps for w in lab.maps["b"].weights} == {"u": (("transpose", (1, 0)),), "v": ()}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (text(b='"uu"'), ["b has no parameter uu.", "expected: u"]),
        (text(b='"v"'), ["The sizes of a link do not fit.", "k (6, 6) and v (6, 5)"]),
        (text(b='"u", "u"'), ["u of b is named twice."]),
        (text(more="layout = 99"), ["There is no such layout.", "a number from 0 to 1", "99"]),
        (text(more='steps = [["reshape", [5, 7]]]'), ["The steps do not lead to the weight.", "(6, 6)"]),
        (text(more='steps = [["rotate", [1]]]'), ["mapping.toml is no mapping file.", "steps"]),
        (text(more='colour = "red"'), ["mapping.toml is no mapping file.", "colour"]),
        (text().replace('b = "b"', 'b = "c"'), ["There is no side c.", "a or b"]),
        ("pair = [", ["mapping.toml is not TOML."]),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_reason(given: str, words: list[str], tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        aligned(sides(), read(tmp_path, given))
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"mapping\.toml cannot be read"):
        read_mapping(tmp_path / "mapping.toml", SIDES)
