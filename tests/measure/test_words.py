from __future__ import annotations

import math

import pytest

from paragone.measure import words
from paragone.measure.statistics import Pairing, compare
from paragone.records import Forecast, Ratio

SPREAD = (-0.02, 0.0, 0.02)


def ratio(times: float, quantity: str = "step", spread: tuple[float, ...] = SPREAD, matters: float = 0.02) -> Ratio:
    pairing = Pairing("torch", "keras", "idiomatic", quantity, is_size="memory" in quantity)
    return compare(pairing, [math.log(times) + part for part in spread], matters=matters)


@pytest.mark.parametrize(
    ("times", "quantity", "sentence"),
    [
        (1 / 1.8, "step", "torch's step is 1.8 times as fast as keras's (1.6 to 2.0)"),
        (1.8, "step", "keras's step is 1.8 times as fast as torch's (1.6 to 2.0)"),
        (2.5, "cold start", "keras's cold start is 2.5 times as fast as torch's (2.2 to 2.8)"),
        (2.5, "peak memory", "torch's peak memory is 2.5 times keras's (2.2 to 2.8)"),
        (1 / 2.5, "peak memory", "keras's peak memory is 2.5 times torch's (2.2 to 2.8)"),
        (1.0, "step", "tie: any difference above 15 % would have shown"),
    ],
)
def test_a_ratio_in_words(times: float, quantity: str, sentence: str) -> None:
    assert ratio(times, quantity).sentence == sentence


def test_small_differences_get_the_decimals_they_need() -> None:
    close = ratio(1.04, spread=(-0.001, 0.0, 0.001))
    assert close.verdict == "slower"
    assert close.sentence == "keras's step is 1.04 times as fast as torch's (1.03 to 1.05)"


def test_a_tie_with_little_noise_names_the_small_difference() -> None:
    close = ratio(1.0, spread=(-0.001, 0.0, 0.001), matters=0.005)
    assert close.sentence == "tie: any difference above 0.7 % would have shown"


def test_a_tie_that_excludes_what_matters_says_how_near_they_are() -> None:
    close = ratio(1.0, spread=(-0.001, 0.0, 0.001), matters=0.006)
    assert close.high == pytest.approx(1.00575, abs=1e-5)
    assert close.sentence == "tie: they are less than 0.6 % apart"


@pytest.mark.parametrize(
    ("detectable", "sentence"),
    [
        (0.04, "in about 40 s any difference above 4.0 % in the time of a step will show"),
        (1.5, "in about 40 s only a factor of 2.5 or more in the time of a step will show"),
        (20.0, "after 3 sets the machine looks too noisy for any difference to show within the budget"),
    ],
)
def test_a_forecast_in_words(detectable: float, sentence: str) -> None:
    assert words.of_forecast(Forecast(sets=3, seconds=40.4, detectable=detectable)).startswith(sentence)


@pytest.mark.parametrize(
    ("spread", "sentence"),
    [
        (0.25, "tie: only a factor of 5.5 or more would have shown"),
        (3.0, "tie: the machine was too noisy in this run for any difference to show"),
    ],
)
def test_a_tie_in_much_noise_says_how_little_it_means(spread: float, sentence: str) -> None:
    assert ratio(1.0, spread=(-spread, 0.0, spread)).sentence == sentence


def test_the_self_test_in_words() -> None:
    assert "0.9 to 1.1 holds 1, as it should" in words.of_self_test(ratio(1.0))
    assert "must hold 1 and does not" in words.of_self_test(ratio(1.8))
