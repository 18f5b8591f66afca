from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import stdtrit

from paragone.measure.looks import FIRST_LOOK, looks

ALPHA = 0.01
most_sets = st.integers(1, 200)


@given(most_sets)
def test_the_looks_rise_to_the_most_sets_and_begin_late_enough(most: int) -> None:
    at = looks(most).at
    assert at[-1] == looks(most).last == most
    assert all(a < b for a, b in pairwise(at))
    assert at[0] >= min(most, FIRST_LOOK)


@given(most_sets)
def test_all_looks_together_spend_the_whole_error_and_each_some_of_it(most: int) -> None:
    planned = looks(most)
    shares = [planned.share(sets) for sets in planned.at]
    assert min(shares) > 0
    assert sum(shares) == pytest.approx(1)


@given(st.integers(5, 200), st.data())
def test_a_run_that_ends_between_two_looks_spends_no_more_than_it_may(most: int, data: st.DataObject) -> None:
    planned = looks(most)
    end = data.draw(st.integers(1, most - 1))
    spent = [planned.share(sets) for sets in (*[at for at in planned.at if at < end], end)]
    assert 0 < sum(spent) < 1


def test_more_sets_have_more_looks_and_few_have_one() -> None:
    assert [len(looks(most).at) for most in (3, 5, 6, 10, 30, 60)] == [1, 1, 2, 3, 6, 7]


def stopping(log_ratios: np.ndarray, most: int, alpha_at: dict[int, float]) -> np.ndarray:
    """Of each row, whether some look saw a difference: the interval at this look's alpha leaves zero out."""
    seen = np.zeros(len(log_ratios), dtype=bool)
    for sets, alpha in alpha_at.items():
        upto = log_ratios[:, :sets]
        reach = stdtrit(sets - 1, 1 - alpha / 2) * upto.std(axis=1, ddof=1) / np.sqrt(sets)
        seen |= np.abs(upto.mean(axis=1)) > reach
    return seen


def declared(most: int) -> dict[int, float]:
    planned = looks(most)
    return {sets: ALPHA * planned.share(sets) for sets in planned.at}


@pytest.mark.parametrize("most", [3, 6, 12, 30])
@pytest.mark.parametrize("noise", ["normal", "heavy tails"])
def test_looking_several_times_keeps_the_level(most: int, noise: str) -> None:
    dice = np.random.default_rng(most)
    shape = (40_000, most)
    values = dice.standard_normal(shape) if noise == "normal" else dice.standard_t(3, shape)
    assert np.mean(stopping(values, most, declared(most))) < 0.0115  # 0.01 and 3 standard errors


def test_looking_several_times_at_an_ordinary_interval_does_not() -> None:
    values = np.random.default_rng(0).standard_normal((40_000, 30))
    ordinary = dict.fromkeys(looks(30).at, ALPHA)
    assert np.mean(stopping(values, 30, ordinary)) > 0.025


@pytest.mark.parametrize(
    ("most", "difference", "spread", "power"),
    [(10, 0.05, 0.025, 0.97), (20, 0.05, 0.035, 0.99), (20, 0.03, 0.025, 0.97)],
)
def test_what_must_be_seen_is_seen(most: int, difference: float, spread: float, power: float) -> None:
    noise = np.random.default_rng(1).standard_normal((20_000, most))
    assert np.mean(stopping(difference + spread * noise, most, declared(most))) > power
