from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from paragone.choose.criteria import Kind, criteria
from paragone.choose.scale import apart, estimate, interval_over
from paragone.records import Interval

SAMPLES = st.lists(st.floats(0.01, 100), min_size=2, max_size=20)


@pytest.mark.parametrize("kind", criteria().values(), ids=lambda kind: kind.id)
def test_a_scale_has_utility_0_and_1_at_its_ends_and_clips_beyond(kind: Kind) -> None:
    scale = kind.scale
    assert scale.utility(scale.worst) == 0
    assert scale.utility(scale.best) == 1
    assert 0 < scale.utility(scale.value(0.5)) < 1
    beyond = scale.value(1.2), scale.value(-0.2)
    assert [scale.utility(value) for value in beyond] == [1, 0]


@pytest.mark.parametrize("kind", criteria().values(), ids=lambda kind: kind.id)
@given(utility=st.floats(0.001, 0.999))
def test_value_undoes_utility(kind: Kind, utility: float) -> None:
    assert kind.scale.utility(kind.scale.value(utility)) == pytest.approx(utility, abs=1e-9)


@pytest.mark.parametrize("kind", criteria().values(), ids=lambda kind: kind.id)
def test_times_sizes_and_lengths_are_logarithmic(kind: Kind) -> None:
    assert kind.scale.log == (kind.scale.unit in {"s", "bytes", "tokens", "samples/s"})


@given(SAMPLES)
def test_the_interval_over_samples_is_students(samples: list[float]) -> None:
    found = interval_over(samples, log=False)
    error = stats.sem(samples)
    low, high = stats.t.interval(0.95, len(samples) - 1, np.mean(samples), error) if error else (np.mean(samples),) * 2
    assert (found.low, found.high) == pytest.approx((low, high), rel=1e-9, abs=1e-9)
    assert interval_over(samples, log=True).mid == pytest.approx(stats.gmean(samples))


@pytest.mark.parametrize("samples", [[], [1.0], [1.0, math.nan], [1.0, math.inf]])
def test_no_interval_without_two_finite_samples(samples: list[float]) -> None:
    assert interval_over(samples, log=False) is None
    assert interval_over([1.0, 0.0], log=True) is None


@given(SAMPLES, SAMPLES)
def test_apart_is_welchs_test(a: list[float], b: list[float]) -> None:
    if np.var(a) < 1e-6 or np.var(b) < 1e-6:
        return
    scale = criteria()["accuracy"].scale
    estimates = [estimate(interval_over(samples, log=False), scale) for samples in (a, b)]
    p = stats.ttest_ind(a, b, equal_var=False).pvalue
    if abs(p - 0.01) > 1e-6:
        assert apart(*estimates, 0.99) == (p < 0.01)


def test_an_exact_value_differs_from_any_other() -> None:
    scale = criteria()["accuracy"].scale
    exact, other = (estimate(Interval(mid=at, low=at, high=at), scale) for at in (0.5, 0.6))
    assert apart(exact, other, 0.99)
    assert not apart(exact, exact, 0.99)
