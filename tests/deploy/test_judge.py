"""From outputs to a verdict, and the accuracy that is lost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from paragone.deploy.judge import LEAST, SLACK, Examples, accuracy_of, judged
from paragone.workers.deploying import EXAMPLE, TEST, holds

CASES = ("one", EXAMPLE)
ROUNDED = {"bfloat16": 2e-3, "float16": 2.5e-4}


def examples(seed: int = 0, floor: float = 1e-7, rounded: dict[str, float] | None = None) -> Examples:
    dice = np.random.default_rng(seed)
    arrays = {}
    for case, rows in (("one", 1), (EXAMPLE, 7), (TEST, 60)):
        arrays[f"{case}/x0"] = dice.normal(size=(rows, 4)).astype(np.float32)
        arrays[f"{case}/y0"] = dice.normal(size=(rows, 3)).astype(np.float32)
    arrays[f"{TEST}/t0"] = dice.integers(0, 3, 60)
    return Examples(arrays, CASES, dict.fromkeys(CASES, floor), ROUNDED if rounded is None else rounded, 3)


def outputs_of(known: Examples, off: float) -> dict[str, np.ndarray]:
    """The side's outputs, the largest of each moved by this share of it."""
    found = {}
    for name, array in known.arrays.items():
        if "/y" in name:
            moved = array.astype(np.float64)
            flat = moved.ravel()
            flat[np.abs(flat).argmax()] *= 1 + off
            found[name] = moved
    return found


@given(st.floats(1e-9, 1e-4), st.floats(0.0, 3.0))
def test_within_ten_floors_it_is_the_same_and_beyond_it_is_not(floor: float, share: float) -> None:
    known = examples(floor=floor, rounded={})
    allowed = max(LEAST, SLACK * floor)
    judgement = judged(known, dict.fromkeys(CASES, ""), outputs_of(known, share * allowed), "float32")
    if abs(share - 1) > 0.01:
        assert judgement.verdict == ("same" if share < 1 else "different")
    assert judgement.max_rel == pytest.approx(share * allowed, rel=1e-3, abs=1e-12)


@pytest.mark.parametrize(("off", "name"), [(2e-3, "bfloat16"), (3e-4, "float16"), (8e-3, "bfloat16")])
def test_a_shorter_format_is_named(off: float, name: str) -> None:
    known = examples()
    judgement = judged(known, dict.fromkeys(CASES, ""), outputs_of(known, off), "float32")
    assert judgement.verdict == "less precise"
    assert f"about {name}," in judgement.why


@pytest.mark.parametrize("off", [0.5, 5e-6])
def test_what_no_shorter_format_makes_is_different(off: float) -> None:
    known = examples()
    judgement = judged(known, dict.fromkeys(CASES, ""), outputs_of(known, off), "float32")
    assert judgement.verdict == "different"
    assert "from its side" in judgement.why


def test_other_shapes_missing_outputs_and_refusals_are_failures() -> None:
    known = examples()
    whole = outputs_of(known, 0.0)
    turned = whole | {f"{EXAMPLE}/y0": whole[f"{EXAMPLE}/y0"].T}
    assert "(3, 7) in place of (7, 3)" in judged(known, dict.fromkeys(CASES, ""), turned, "float32").why
    fewer = {name: array for name, array in whole.items() if name != "one/y0"}
    assert "0 outputs in place of 1" in judged(known, dict.fromkeys(CASES, ""), fewer, "float32").why
    refused = judged(known, {"one": "", EXAMPLE: "ValueError: no"}, whole, "float32")
    assert (refused.verdict, refused.where) == ("failed", EXAMPLE)
    assert "ValueError: no" in refused.why


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_no_number_is_never_the_same(bad: float) -> None:
    known = examples()
    found = outputs_of(known, 0.0)
    found["one/y0"][0, 0] = bad
    assert judged(known, dict.fromkeys(CASES, ""), found, "float32").verdict == "different"


@settings(max_examples=30)
@given(st.integers(0, 1000))
def test_lost_accuracy_and_its_interval_are_those_of_paired_differences(seed: int) -> None:
    known = examples(seed)
    dice = np.random.default_rng([seed, 1])
    found = {f"{TEST}/y0": known.arrays[f"{TEST}/y0"] + dice.normal(size=(60, 3))}
    accuracy = accuracy_of(known, found)
    assert accuracy is not None
    right, still = (
        (each.argmax(-1) == known.arrays[f"{TEST}/t0"]).astype(float)
        for each in (known.arrays[f"{TEST}/y0"], found[f"{TEST}/y0"])
    )
    assert (accuracy.side, accuracy.artifact) == pytest.approx((right.mean(), still.mean()))
    lost = right - still
    if lost.any():
        low, high = stats.norm.interval(0.95, lost.mean(), stats.sem(lost))
        assert (accuracy.low, accuracy.high) == pytest.approx((low, high))
    else:
        assert accuracy.high == pytest.approx(3 / 60)


def test_without_classes_there_is_no_accuracy() -> None:
    known = examples()
    arrays = dict(known.arrays) | {f"{TEST}/t0": np.random.default_rng(0).normal(size=(60, 3))}
    values = Examples(arrays, CASES, known.floors, ROUNDED, None)
    assert accuracy_of(values, outputs_of(known, 0.0)) is None


@pytest.mark.parametrize(("value", "floor"), [(np.inf, 0.0), (np.nan, 0.0), (1.0, np.inf), (1.0, np.nan)])
def test_where_the_side_itself_overflows_there_is_nothing_to_compare(value: float, floor: float) -> None:
    ordinary = np.ones((2, 3), "float32")
    assert holds([ordinary], 1e-7)
    other = ordinary.copy()
    other[1, 2] = value
    assert not holds([ordinary, other], floor)
