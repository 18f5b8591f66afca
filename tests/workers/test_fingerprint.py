"""A fingerprint must not depend on the layout, and must depend on everything else."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paragone.prove.twins import alike
from paragone.workers.fingerprint import fingerprint, profile

Array = np.ndarray[Any, Any]
SHAPES = st.lists(st.integers(1, 5), min_size=1, max_size=4).map(tuple)


def drawn(shape: tuple[int, ...], seed: int) -> Array:
    return np.random.default_rng(seed).normal(size=shape)


def same(a: Array, b: Array) -> bool:
    return alike(np.array(fingerprint(a)), np.array(fingerprint(b)), a.size, 1e-10)


@given(SHAPES, st.integers(0, 1000))
def test_the_order_of_axes_and_a_reshape_leave_it(shape: tuple[int, ...], seed: int) -> None:
    value = drawn(shape, seed)
    assert same(value, value.reshape(-1))
    for axes in permutations(range(len(shape))):
        assert same(value, value.transpose(axes))
        assert sorted(profile(value.transpose(axes))) == pytest.approx(sorted(profile(value)), rel=1e-9, abs=1e-9)


@given(SHAPES, st.integers(0, 1000), st.floats(1e-8, 1.0))
def test_one_element_that_is_moved_changes_it(shape: tuple[int, ...], seed: int, by: float) -> None:
    value = drawn(shape, seed)
    moved = value.copy()
    moved.reshape(-1)[seed % value.size] += by * np.abs(value).max()
    assert not same(value, moved)


@given(st.integers(2, 6), st.integers(2, 6), st.integers(0, 1000))
def test_a_reversed_axis_shows_in_the_profile_only(rows: int, columns: int, seed: int) -> None:
    value = drawn((rows, columns), seed)
    turned = value[:, ::-1]
    assert same(value, turned)
    assert profile(value)[0] == pytest.approx(profile(turned)[0])
    assert profile(value)[1] != pytest.approx(profile(turned)[1], rel=1e-9)


def test_rounding_is_no_difference() -> None:
    value = drawn((40, 50), 0)
    assert same(value, value * (1 + 1e-14 * drawn((40, 50), 1)))


def test_infinite_elements_are_counted_and_left_out() -> None:
    value = drawn((6, 7), 0)
    masked = value.copy()
    masked[0, 0] = -np.inf
    assert not same(value, masked)
    assert same(masked, masked.T)
    assert np.isfinite(profile(masked)).all()
