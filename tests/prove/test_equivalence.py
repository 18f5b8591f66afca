"""The test of equivalence against scipy's own tests, by simulation at its margin, and in words."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import t, ttest_1samp

from paragone.errors import InputError
from paragone.prove.equivalence import ALPHA, MARGINS, Margin, in_words, margins, paired, tost, worth

SEEDS = 6
SHARES = arrays(np.float64, SEEDS, elements=st.floats(0.01, 0.99), unique=True)
LOSSES = arrays(np.float64, SEEDS, elements=st.floats(0.01, 50.0), unique=True)


@given(present=LOSSES, absent=LOSSES, margin=st.floats(1e-3, 10.0))
def test_the_p_value_is_that_of_two_one_sided_tests(present: np.ndarray, absent: np.ndarray, margin: float) -> None:
    differences = present - absent
    below = ttest_1samp(differences, margin, alternative="less").pvalue
    above = ttest_1samp(differences, -margin, alternative="greater").pvalue
    found = tost(differences, np.full(SEEDS, margin))
    assert found == pytest.approx(max(below, above), rel=1e-6, abs=1e-12)


@given(present=LOSSES, absent=LOSSES, share=st.floats(1e-3, 0.5))
def test_a_share_of_the_measure_is_tested_pair_by_pair(present: np.ndarray, absent: np.ndarray, share: float) -> None:
    below = ttest_1samp(present - (1 + share) * absent, 0.0, alternative="less").pvalue
    above = ttest_1samp(present - (1 - share) * absent, 0.0, alternative="greater").pvalue
    found = worth("loss", present, absent, Margin(share, relative=True))
    assert found is not None
    assert found.p_equivalent == pytest.approx(max(below, above), rel=1e-6, abs=1e-12)


@given(present=SHARES, absent=SHARES)
def test_equivalent_means_that_the_90_percent_interval_lies_within_the_margin(
    present: np.ndarray, absent: np.ndarray
) -> None:
    found = worth("accuracy", present, absent, Margin(10.0))
    assert found is not None
    points = 100 * (present - absent)
    half = t.ppf(0.95, SEEDS - 1) * points.std(ddof=1) / np.sqrt(SEEDS)
    inside = abs(points.mean()) + half < 10.0
    if abs(abs(points.mean()) + half - 10.0) > 1e-9:
        assert (found.verdict == "equivalent") == inside
    assert found.difference.mid == pytest.approx(points.mean(), abs=1e-12)


@given(values=LOSSES)
def test_the_interval_is_students(values: np.ndarray) -> None:
    found, expected = paired(values), ttest_1samp(values, 0.0).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), rel=1e-9)
    assert (found.level, found.n) == (0.95, SEEDS)


@pytest.mark.parametrize("sd", [0.01, 0.2, 0.4])
def test_at_the_margin_equivalence_is_claimed_in_at_most_one_case_of_twenty(sd: float) -> None:
    runs = 40_000
    true = np.random.default_rng(1).normal(0.5, sd, size=(runs, SEEDS))
    rate = float((tost(true, np.full_like(true, 0.5)) < ALPHA).mean())
    tolerated = 4 * np.sqrt(ALPHA * (1 - ALPHA) / runs)
    assert rate <= ALPHA + tolerated
    if sd == 0.01:  # where the other margin is far, the level is reached
        assert rate >= ALPHA - tolerated


def test_what_is_equal_is_found_equivalent_where_the_seeds_agree_and_not_where_they_do_not() -> None:
    random = np.random.default_rng(2)
    rates = [
        float((tost(random.normal(0.0, sd, size=(4000, SEEDS)), np.full((4000, SEEDS), 0.5)) < ALPHA).mean())
        for sd in (0.1, 0.3, 1.0)
    ]
    assert rates[0] > 0.999
    assert rates[0] > rates[1] > rates[2]
    assert rates[2] < 0.2


def test_differences_without_any_spread_are_decided_by_their_size() -> None:
    one = np.full(SEEDS, 0.5)
    same = worth("accuracy", one, one, Margin(0.5))
    assert same is not None
    assert (same.verdict, same.p_equivalent, same.nothing) == ("equivalent", 0.0, True)
    apart = worth("accuracy", one + 0.01, one, Margin(0.5))
    assert apart is not None
    assert (apart.verdict, apart.nothing) == ("different", False)
    assert apart.p_equivalent == 1.0


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_a_training_that_went_astray_has_no_worth(wrong: float) -> None:
    values = np.arange(1.0, 7.0)
    assert worth("loss", np.append(values[:5], wrong), values, MARGINS["loss"]) is None
    assert worth("loss", values[:1], values[:1], MARGINS["loss"]) is None


@pytest.mark.parametrize(
    ("differences", "words"),
    [
        ([-0.4, -0.5, -0.3, -0.4, -0.2, -0.9], "costs 0.45 points of accuracy (0.20 to 0.70)"),
        ([0.4, 0.5, 0.3, 0.4, 0.2, 0.9], "gains 0.45 points of accuracy (0.20 to 0.70)"),
        ([0.01, -0.02, 0.0, 0.03, -0.01, 0.01], "accuracy equivalent: less than 0.5 points either way (p < 0.0001)"),
        ([1.0, -0.8, 0.3, -0.2, 0.9, -0.4], "accuracy not decided by 6 seeds: -0.63 to +0.89 points"),
        ([0.0] * 6, "nothing in accuracy"),
    ],
)
def test_an_accuracy_in_words(differences: list[float], words: str) -> None:
    absent = np.linspace(0.9, 0.95, SEEDS)
    found = worth("accuracy", absent + np.array(differences) / 100, absent, Margin(0.5))
    assert found is not None
    assert in_words(found) == words


def test_losses_in_words() -> None:
    absent = np.linspace(1.0, 1.1, SEEDS)
    steps = np.array([0.04, 0.05, 0.03, 0.04, 0.02, 0.09])
    rows = {
        "raises the test loss by 0.045 (0.02 to 0.07)": worth("loss", absent + steps, absent, MARGINS["loss"]),
        "lowers the training loss by 0.045 (0.02 to 0.07)": worth(
            "training loss", absent - steps, absent, MARGINS["training loss"]
        ),
        "test loss equivalent: less than 2 % either way (p < 0.0001)": worth(
            "loss", absent + steps / 100, absent, MARGINS["loss"]
        ),
        "nothing in the training loss": worth("training loss", absent * (1 + 1e-12), absent, MARGINS["training loss"]),
    }
    for words, found in rows.items():
        assert found is not None
        assert in_words(found) == words


def test_margins_are_read() -> None:
    found = margins(("accuracy=0.25", "training-loss=1%", "loss=0.1"))
    assert found == {
        "accuracy": Margin(0.25),
        "loss": Margin(0.1),
        "training loss": Margin(0.01, relative=True),
    }
    assert margins(()) == dict(MARGINS)


@pytest.mark.parametrize(
    "wrong", ["accuracy", "accuracy=", "accuracy=x", "accuracy=0", "loss=-1", "accuracy=1%", "time=1", "loss=nan", ""]
)
def test_a_margin_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(InputError, match="--margin"):
        margins((wrong,))
