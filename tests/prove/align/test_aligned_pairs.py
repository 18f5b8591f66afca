"""Pairs of sides that keep their parameters in other forms and compute the same: they are found to be the same."""

from __future__ import annotations

import tomllib
from itertools import combinations
from pathlib import Path

import pytest

from paragone.prove.ladder import rungs
from paragone.prove.no_gradient import no_gradient

from .bench import Children, aligned, traces

PAIRS = Path(__file__).parents[2] / "sides" / "aligned"
NAMES = sorted(path.parent.name for path in PAIRS.glob("*/expect.toml"))


@pytest.mark.parametrize("name", NAMES)
def test_sides_of_other_forms_are_aligned(name: str, tmp_path: Path, children: Children) -> None:
    expect = tomllib.loads((PAIRS / name / "expect.toml").read_text(encoding="utf-8"))
    data = f"{PAIRS / 'data.py'}:{expect['data']}"
    found, bench = aligned(sorted((PAIRS / name).glob("*_side.py")), data, tmp_path, children)
    assert all(one.found and one.agrees for one in found.alignments), found.alignments
    assert len({subject.signature for subject in found.subjects}) == 1
    climbed = traces(found, bench)
    for a, b in combinations(climbed.values(), 2):
        gauge = no_gradient(a.arrays, b.arrays)
        verdicts = {rung.name: rung.verdict for rung in rungs(a, b, "float64", {}, gauge)}
        assert {verdicts[rung] for rung in ("forward", "loss", "gradients")} == {"same"}, verdicts
