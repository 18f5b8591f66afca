from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paragone.measure.sweep import words
from paragone.measure.sweep.fit import fitted
from paragone.records import Line

from .made import interval

SIZES = (1, 8, 64, 512)


@given(st.floats(1e-6, 1e-1), st.floats(1e-8, 1e-3), st.lists(st.floats(0.5, 2.0), min_size=2, max_size=6))
@settings(max_examples=50)
def test_a_line_is_found_again_whatever_the_speed_of_each_set(
    overhead_s: float, each_s: float, pace: list[float]
) -> None:
    """In every set the machine has another speed: both numbers are that of the mean."""
    line = fitted(SIZES, [[factor * (overhead_s + each_s * size) for size in SIZES] for factor in pace])
    assert line is not None
    assert line.overhead_s.mid == pytest.approx(np.mean(pace) * overhead_s, rel=1e-6)
    assert line.each_s.mid == pytest.approx(np.mean(pace) * each_s, rel=1e-6)
    assert line.overhead_s.low <= line.overhead_s.mid <= line.overhead_s.high
    assert not line.bent


def test_the_interval_holds_the_true_numbers_as_often_as_it_says() -> None:
    dice, inside = np.random.default_rng(0), 0
    for _ in range(400):
        rows = (2e-4 + 3e-6 * np.array(SIZES)) * np.exp(dice.normal(0, 0.05, size=(5, len(SIZES))))
        line = fitted(SIZES, rows.tolist())
        assert line is not None
        inside += line.each_s.low <= 3e-6 <= line.each_s.high
    assert 0.92 <= inside / 400 <= 0.98


def test_a_cost_that_is_no_line_is_told_and_noise_is_not_taken_for_it() -> None:
    dice = np.random.default_rng(1)
    square = [[factor * (1e-4 + 1e-7 * size**2) for size in SIZES] for factor in (1.0, 1.01, 0.99, 1.0)]
    noisy = (2e-4 + 3e-6 * np.array(SIZES)) * np.exp(dice.normal(0, 0.5, size=(4, len(SIZES))))
    bent, open_ = fitted(SIZES, square), fitted(SIZES, noisy.tolist())
    assert bent is not None and bent.bent
    assert open_ is not None and not open_.bent
    assert "does not grow along a straight line" in words.of_line(bent, "sample")
    assert "too noisy" in words.of_line(open_, "sample") or open_.misfit < 0.2


def test_two_sizes_or_one_set_make_no_line() -> None:
    assert fitted((1, 8), [[1.0, 2.0], [1.0, 2.0]]) is None
    assert fitted(SIZES, [[1.0, 2.0, 3.0, 4.0]]) is None


@pytest.mark.parametrize(
    ("overhead", "each", "says"),
    [
        (
            (2.1e-4, 2e-4, 2.2e-4),
            (3.1e-6, 3e-6, 3.2e-6),
            "each step costs 210 µs before any work is done (200 µs to 220 µs), and 3.1 µs per sample (3 µs to 3.2 µs)",
        ),
        (
            (1e-5, -1e-5, 3e-5),
            (3e-6, 2e-6, 4e-6),
            "(2 µs to 4 µs), and at most 30 µs before any work is done",
        ),
        ((2e-4, 1e-4, 3e-4), (1e-8, -1e-7, 2e-7), "no cost per sample was seen; it is at most 200 ns"),
    ],
)
def test_overhead_and_marginal_cost_are_told_in_words(
    overhead: tuple[float, float, float], each: tuple[float, float, float], says: str
) -> None:
    line = Line(overhead_s=interval(*overhead), each_s=interval(*each), misfit=0.04)
    told = words.of_line(line, "sample")
    assert says in told
    assert told.endswith("the line is within 4.0 % of every measured time")
