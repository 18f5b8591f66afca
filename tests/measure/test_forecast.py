from __future__ import annotations

import numpy as np
import pytest

from paragone.measure.forecast import FORECAST_AFTER, forecast
from paragone.measure.looks import looks
from paragone.measure.statistics import Certainty, Pairing, compare

STEP = Pairing("torch", "keras", "idiomatic", "step")
PLANNED = looks(12)


def test_the_forecast_is_within_a_factor_of_two_of_what_comes_in_nine_of_ten_runs() -> None:
    dice = np.random.default_rng(3)
    near = []
    for _ in range(2000):
        pair, twin = 0.02 * dice.standard_normal((2, PLANNED.last))
        told = forecast([pair[:FORECAST_AFTER], twin[:FORECAST_AFTER]], PLANNED, 5.0, family=1)
        came = compare(STEP, pair.tolist(), Certainty(share=PLANNED.share(PLANNED.last))).detectable
        near.append(told is not None and 0.5 < told.detectable / came < 2)
    assert np.mean(near) > 0.9


def test_it_says_when() -> None:
    told = forecast([[0.01, 0.02, 0.0]], PLANNED, 5.0, family=1)
    assert told is not None
    assert (told.sets, told.seconds) == (3, pytest.approx(9 * 5.0))


def test_more_pairs_and_more_noise_see_less() -> None:
    few, many, noisy = (
        forecast([[0.01 * noise, 0.02 * noise, 0.0]], PLANNED, 5.0, family=family)
        for family, noise in ((1, 1), (6, 1), (1, 5))
    )
    assert few is not None and many is not None and noisy is not None
    assert few.detectable < many.detectable < noisy.detectable


def test_without_two_sets_of_anything_nothing_is_foreseen() -> None:
    assert forecast([], PLANNED, 5.0, family=1) is None
    assert forecast([[0.1], []], PLANNED, 5.0, family=1) is None
