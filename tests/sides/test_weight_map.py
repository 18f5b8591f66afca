"""The operations of a weight map: what is put into an array comes out of it again, and nothing else is touched."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from paragone.sides.weight_map import MappedWeight


@st.composite
def arrays_and_maps(draw: st.DrawFn) -> tuple[np.ndarray[Any, Any], MappedWeight]:
    """An array, and a map of it or of a part of it through a few operations."""
    shape = tuple(draw(st.lists(st.integers(1, 4), min_size=1, max_size=4)))
    array = np.random.default_rng(draw(st.integers(0, 99))).normal(size=shape)
    part = None
    if draw(st.booleans()):
        axis = draw(st.integers(0, len(shape) - 1))
        start = draw(st.integers(0, shape[axis] - 1))
        part = (axis, start, draw(st.integers(start + 1, shape[axis])))
    piece = MappedWeight(name="a/b", path="a.b", part=part).to_canonical(array)
    steps: list[Any] = []
    for _ in range(draw(st.integers(0, 3))):
        steps.append(draw(operations(piece.shape)))
        piece = MappedWeight(name="a/b", path="a.b", part=part, steps=tuple(steps)).to_canonical(array)
    return array, MappedWeight(name="a/b", path="a.b", part=part, steps=tuple(steps))


def operations(shape: tuple[int, ...]) -> st.SearchStrategy[tuple[str, tuple[int, ...]]]:
    """One operation that fits a shape."""
    axes = list(range(len(shape)))
    transposes = st.permutations(axes).map(lambda order: ("transpose", tuple(order)))
    flips = st.lists(st.sampled_from(axes), unique=True, min_size=1).map(lambda some: ("flip", tuple(some)))
    flats = st.just(("reshape", (int(np.prod(shape)),)))
    blocks = st.sampled_from(axes).flatmap(
        lambda axis: st.permutations(range(shape[axis])).map(lambda order: ("blocks", (axis, *order)))
    )
    return st.one_of(transposes, flips, flats, blocks)


@given(arrays_and_maps(), st.integers(0, 99))
def test_what_goes_in_comes_out_and_the_rest_stays(given_: tuple[np.ndarray[Any, Any], MappedWeight], n: int) -> None:
    array, weight = given_
    canonical = np.random.default_rng(n).normal(size=weight.to_canonical(array).shape) + 10
    changed = weight.into(array, canonical)
    assert changed.shape == array.shape
    np.testing.assert_array_equal(weight.to_canonical(changed), canonical)
    assert (changed != array).sum() == canonical.size
    np.testing.assert_array_equal(weight.into(array, weight.to_canonical(array)), array)
