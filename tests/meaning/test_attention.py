"""What attention computes is recognised by its values."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paragone.meaning.attention import Heads, attended, seen_attention

SHAPES = st.tuples(st.integers(1, 3), st.integers(2, 7), st.integers(1, 3), st.integers(1, 6))


def heads(shape: tuple[int, ...], seed: int, scale: float, *, causal: bool) -> Heads:
    draw = np.random.default_rng(seed).normal
    query, key, value = (draw(size=shape) for _ in range(3))
    return Heads(query, key, value, attended(query, key, value, scale, causal=causal))


@settings(deadline=None, max_examples=60)
@given(SHAPES, st.integers(0, 99), st.floats(0.1, 2.0), st.booleans())
def test_scale_and_causality_are_told(shape: tuple[int, ...], seed: int, scale: float, causal: bool) -> None:
    found = seen_attention(heads(shape, seed, scale, causal=causal))
    assert found == {"scale": pytest.approx(scale, rel=3e-6), "causal": causal}


@pytest.mark.parametrize("factor", [1.0, 2.0, 0.5, 1.5])
@pytest.mark.parametrize("size", [3, 5, 8])
def test_a_scale_that_people_write_is_told_to_the_last_place(factor: float, size: int) -> None:
    for scale in (factor * size**-0.5, factor):
        seen = seen_attention(heads((2, 4, 2, size), 0, scale, causal=False))
        assert seen["scale"] == pytest.approx(scale, rel=1e-15)


def test_rounding_to_float32_inside_does_not_hide_it() -> None:
    one = heads((2, 5, 2, 4), 0, 0.5, causal=True)
    rounded = replace(one, output=one.output.astype(np.float32).astype(np.float64))
    assert seen_attention(rounded) == {"scale": 0.5, "causal": True}


def _masked(one: Heads) -> Any:
    """The last step is hidden from all, as padding is."""
    output = one.output.copy()
    output[:] = attended(one.query, one.key[:, :-1], one.value[:, :-1], 0.5, causal=False)
    return output


def _linear(one: Heads) -> Any:
    """Shares that are no softmax."""
    scores = np.einsum("bqhd,bkhd->bhqk", one.query, one.key) ** 2
    return np.einsum("bhqk,bkhd->bqhd", scores / scores.sum(-1, keepdims=True), one.value)


def _normed(one: Heads) -> Any:
    """Queries of length 1."""
    query = one.query / np.linalg.norm(one.query, axis=-1, keepdims=True)
    return attended(query, one.key, one.value, 0.5, causal=False)


@pytest.mark.parametrize("other", [_masked, _linear, _normed])
def test_nothing_is_said_of_what_is_something_else(other: Any) -> None:
    one = heads((3, 5, 2, 4), 1, 0.5, causal=False)
    assert seen_attention(replace(one, output=other(one))) == {}


def test_nothing_is_said_where_the_values_do_not_tell() -> None:
    one = heads((3, 5, 2, 4), 1, 0.5, causal=False)
    alike = Heads(
        1e-6 * one.query, one.key, one.value, attended(1e-6 * one.query, one.key, one.value, 0.5, causal=False)
    )
    assert seen_attention(alike) == {}
    assert seen_attention(heads((3, 1, 2, 4), 1, 0.5, causal=False)) == {}
