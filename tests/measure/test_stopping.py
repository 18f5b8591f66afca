from __future__ import annotations

import math

import pytest

from paragone.measure.statistics import Pairing, compare
from paragone.measure.stopping import all_decided, decided
from paragone.records import Ratio

STEP = Pairing("torch", "keras", "idiomatic", "step")


def ratio(times: float, spread: float, matters: float = 0.02) -> Ratio:
    """Of five sets; the interval at 99 % reaches 3.26 times the spread to either side."""
    return compare(STEP, [math.log(times) + spread * part for part in (-1.5, -0.5, 0.0, 0.5, 1.5)], matters=matters)


@pytest.mark.parametrize("times", [1.003, 1 / 1.003])
def test_a_tie_is_decided_once_all_that_matters_is_excluded(times: float) -> None:
    close, wide = ratio(times, 0.003), ratio(times, 0.03)
    assert close.verdict == wide.verdict == "tie"
    assert close.apart == pytest.approx(max(close.high, 1 / close.low) - 1)
    assert (close.excluded, decided(close)) == (True, True)
    assert (wide.excluded, decided(wide)) == (False, False)
    assert decided(ratio(times, 0.03, matters=0.2))


def test_a_difference_is_decided_once_it_is_known_well_enough() -> None:
    assert decided(ratio(1.05, 0.01))
    assert ratio(2.0, 0.1).verdict == "slower"
    assert not decided(ratio(2.0, 0.1))
    assert decided(ratio(2.0, 0.02))


def test_a_small_difference_that_is_certain_is_decided_though_it_does_not_matter() -> None:
    small = ratio(1.005, 0.0005)
    assert small.verdict == "slower"
    assert decided(small)


def test_all_pairs_must_be_decided_and_there_must_be_one() -> None:
    clear, open_ = ratio(1.5, 0.01), ratio(1.0, 0.05)
    assert all_decided([clear, clear])
    assert not all_decided([clear, open_])
    assert not all_decided([])
