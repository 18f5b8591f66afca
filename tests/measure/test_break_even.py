from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paragone.measure import words
from paragone.measure.break_even import Pair, break_even, told
from paragone.records import BreakEven, ContenderSet, Memory, Phases

ALPHA = 0.01


def process(cold_s: float, step_s: float) -> ContenderSet:
    return ContenderSet(
        set=0,
        phases_s=Phases(start=cold_s / 2, import_=cold_s / 2, build=0, compile=0, first_step=0),
        steady_s=1,
        wall_s=1,
        accounted_s=1,
        memory_bytes=Memory(peak=1, after_import=1, after_build=1),
        warmup_steps=10,
        steps_per_block=10,
        block_step_s=(step_s,) * 8,
    )


def sets(a: tuple[float, float], b: tuple[float, float], spread: float = 0.01, n: int = 8, seed: int = 0) -> list[Pair]:
    """Sets of `(cold start, step)` with that spread."""
    noise = np.exp(spread * np.random.default_rng(seed).standard_normal((n, 4)))
    return [(process(a[0] * w, a[1] * x), process(b[0] * y, b[1] * z)) for w, x, y, z in noise]


@settings(max_examples=30, deadline=None)
@given(st.floats(0.1, 10), st.floats(1.1, 5), st.floats(1e-4, 0.1), st.floats(1.1, 5))
def test_without_noise_it_is_where_both_have_taken_equally_long(
    cold_s: float, slower_start: float, step_s: float, slower_step: float
) -> None:
    quick, thrifty = (cold_s, step_s * slower_step), (cold_s * slower_start, step_s)
    found = break_even(sets(quick, thrifty, spread=0.0), ALPHA)
    assert found is not None
    expected = 1 + (thrifty[0] - quick[0]) / (quick[1] - thrifty[1])
    assert found[0] == pytest.approx(math.ceil(expected), abs=1.01)


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    truth = 1 + 2.0 / 0.001
    found = [break_even(sets((2.0, 0.002), (4.0, 0.001), spread=0.04, seed=seed), 0.05) for seed in range(400)]
    intervals = [one for one in found if one is not None]
    assert len(intervals) == 400
    held = np.mean([low <= truth <= high for _, low, high in intervals])
    assert 0.92 < held < 0.98  # 0.95 and 2.7 standard errors
    assert all(low <= mid <= high for mid, low, high in intervals)


def test_more_noise_makes_it_wider() -> None:
    calm, noisy = (break_even(sets((2.0, 0.002), (4.0, 0.001), spread=spread), ALPHA) for spread in (0.01, 0.04))
    assert calm is not None and noisy is not None
    assert calm[2] - calm[1] < noisy[2] - noisy[1]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ((2.0, 0.001), (4.0, 0.002)),  # the first is ahead all along
        ((2.0, 0.001), (4.0, 0.001)),  # nobody catches up
        ((2.0, 0.002), (2.0, 0.001)),  # both start alike
    ],
)
def test_where_nobody_catches_up_for_certain_there_is_none(a: tuple[float, float], b: tuple[float, float]) -> None:
    assert told(("torch", "idiomatic"), ("jax", "idiomatic"), sets(a, b), ALPHA) is None


def test_it_is_told_from_the_one_that_starts_sooner() -> None:
    quick, thrifty = (2.0, 0.002), (4.0, 0.001)
    there = told(("torch", "idiomatic"), ("torch", "tuned"), sets(quick, thrifty, spread=0.0), ALPHA)
    back = told(("torch", "tuned"), ("torch", "idiomatic"), sets(thrifty, quick, spread=0.0), ALPHA)
    assert there is not None
    assert there == back
    assert (there.sooner_track, there.later_track) == ("idiomatic", "tuned")


def test_in_words() -> None:
    one = BreakEven(
        sooner="torch",
        sooner_track="idiomatic",
        later="jax",
        later_track="idiomatic",
        steps=1234,
        low=987,
        high=2051,
        alpha=0.01,
    )
    sentence = "torch starts sooner; from about 1,200 training steps on (990 to 2,100) jax is ahead"
    assert words.of_break_even(one) == sentence
    tuned = one.model_copy(update={"later": "torch", "later_track": "tuned"})
    assert words.of_break_even(tuned).startswith("torch (idiomatic) starts sooner; ")
    assert words.of_break_even(tuned).endswith(" torch (tuned) is ahead")
