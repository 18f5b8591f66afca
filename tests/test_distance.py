"""The one distance of the whole house: max|a - b| / max|b|."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from paragone.distance import gap

Array = np.ndarray[Any, Any]
NUMBERS = st.floats(-1e6, 1e6, allow_subnormal=False)
SHAPES = array_shapes(max_dims=3, max_side=5)
ANY = arrays(np.float64, SHAPES, elements=NUMBERS)


@given(ANY)
def test_an_array_is_at_no_distance_from_itself(a: Array) -> None:
    assert gap(a, a).max_rel == 0.0


@given(SHAPES.flatmap(lambda shape: st.tuples(*(arrays(np.float64, shape, elements=NUMBERS) for _ in range(2)))))
def test_it_is_the_formula_and_the_element_is_the_one_furthest_off(pair: tuple[Array, Array]) -> None:
    a, b = pair
    found = gap(a, b)
    largest, scale = np.abs(a - b).max(), np.abs(b).max()
    if largest == 0:
        assert found.max_rel == 0
    elif scale == 0:
        assert found.max_rel == math.inf
    else:
        assert found.max_rel == pytest.approx(largest / scale)
    assert abs(found.a - found.b) == largest
    assert a[found.index] == found.a
    assert b[found.index] == found.b


@given(ANY, st.floats(1e-3, 1e3), st.integers(0, 10**6))
def test_the_unit_does_not_matter(b: Array, unit: float, seed: int) -> None:
    a = b + np.random.default_rng(seed).normal(size=b.shape)
    assert gap(unit * a, unit * b).max_rel == pytest.approx(gap(a, b).max_rel, rel=1e-6)


def test_one_element_off() -> None:
    b = np.array([[1.0, -4.0], [2.0, 0.5]])
    a = b.copy()
    a[1, 0] += 0.25
    found = gap(a, b)
    assert (found.max_rel, found.index, found.a, found.b) == (0.0625, (1, 0), 2.25, 2.0)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (math.inf, math.inf, 0.0),
        (math.nan, math.nan, 0.0),
        (-math.inf, math.inf, math.inf),
        (math.nan, 1.0, math.inf),
        (1.0, math.nan, math.inf),
        (math.inf, 1.0, math.inf),
        (1.0, math.inf, math.inf),
        (0.0, 0.0, 0.0),
        (1e-300, 0.0, math.inf),
    ],
)
def test_values_that_are_not_finite_and_zero(a: float, b: float, expected: float) -> None:
    assert gap(np.array([a]), np.array([b])).max_rel == expected


def test_what_is_not_finite_on_both_sides_does_not_hide_the_rest() -> None:
    a, b = np.array([math.nan, math.inf, 1.5]), np.array([math.nan, math.inf, 1.0])
    assert gap(a, b).max_rel == 0.5
    assert gap(a, b).index == (2,)


def test_small_and_empty_arrays() -> None:
    assert gap(np.array(3.0), np.array(2.0)).max_rel == 0.5
    assert gap(np.zeros((0, 3)), np.zeros((0, 3))).max_rel == 0.0


def test_float32_is_compared_in_float64() -> None:
    a, b = np.array([1.0], np.float32), np.array([np.nextafter(np.float32(1), np.float32(2))], np.float32)
    assert gap(a, b).max_rel == pytest.approx(np.finfo(np.float32).eps, rel=1e-6)


def test_shapes_that_differ_are_an_error_and_not_a_broadcast() -> None:
    with pytest.raises(ValueError, match="cannot be compared"):
        gap(np.zeros((3, 1)), np.zeros(3))
