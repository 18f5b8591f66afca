"""Every way to hold a weight that is offered is one: it keeps each element once and leads to the weight's form."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paragone.prove.align.inverse import inverted
from paragone.prove.align.layouts import Hints, fits, layouts
from paragone.prove.align.slots import Steps
from paragone.prove.align.stacks import stacks
from paragone.sides.weight_map import applied

Array = np.ndarray[Any, Any]
SHAPES = st.lists(st.integers(1, 5), min_size=1, max_size=4).map(tuple)


def held(steps: Steps, shape: tuple[int, ...]) -> Array:
    return applied(np.arange(math.prod(shape)).reshape(shape), steps)


@given(SHAPES, st.randoms())
def test_moved_axes_are_found_and_lead_to_the_weight(canonical: tuple[int, ...], dice: Any) -> None:
    axes = list(range(len(canonical)))
    dice.shuffle(axes)
    native = tuple(canonical[axis] for axis in axes)
    found = [held(way.steps, native) for way in layouts(native, canonical)]
    assert all(array.shape == canonical for array in found)
    assert all(len(np.unique(array)) == array.size for array in found)
    wanted = np.arange(math.prod(native)).reshape(native).transpose([axes.index(axis) for axis in range(len(axes))])
    assert any(np.array_equal(array, wanted) for array in found)


@given(SHAPES, SHAPES)
def test_a_layout_is_undone_by_its_inverse(native: tuple[int, ...], canonical: tuple[int, ...]) -> None:
    hints = Hints(gates=3, gate_axis=canonical[-1] if canonical[-1] % 3 == 0 else 0, turned=len(canonical) > 2)
    start = np.arange(math.prod(native)).reshape(native)
    for way in layouts(native, canonical, hints):
        back = applied(applied(start, way.steps), inverted(way.steps, native))
        assert np.array_equal(back, start)


def test_sizes_that_differ_have_no_layout() -> None:
    assert layouts((3, 4), (3, 5)) == []
    assert not fits((3, 4), (2, 7))
    assert fits((12, 5), (5, 3, 4))


@pytest.mark.parametrize(
    ("native", "canonical", "wanted"),
    [
        ((8, 3), (3, 8), lambda a: a.T),
        ((6, 3, 2, 2), (2, 2, 3, 6), lambda a: a.transpose(2, 3, 1, 0)),
        ((6, 1, 2, 2), (2, 2, 3, 2), lambda a: a.reshape(3, 2, 2, 2).transpose(2, 3, 0, 1)),
        ((8, 6), (6, 2, 4), lambda a: a.T.reshape(6, 2, 4)),
        ((2, 6, 4), (8, 6), lambda a: a.transpose(0, 2, 1).reshape(8, 6)),
        ((1, 5, 7), (5, 7), lambda a: a[0]),
    ],
)
def test_known_layouts_are_among_those_offered(
    native: tuple[int, ...], canonical: tuple[int, ...], wanted: Callable[[Array], Array]
) -> None:
    start = np.arange(math.prod(native)).reshape(native)
    assert any(np.array_equal(applied(start, way.steps), wanted(start)) for way in layouts(native, canonical))


def test_a_flatten_of_channels_first_images_is_offered() -> None:
    start = np.arange(2 * 9 * 5).reshape(5, 18)
    wanted = start.reshape(5, 2, 9).transpose(2, 1, 0).reshape(18, 5)
    found = layouts((5, 18), (18, 5), Hints(channels=(2,)))
    assert any(np.array_equal(applied(start, way.steps), wanted) for way in found)


@given(st.sampled_from([2, 3, 4]), st.sampled_from([2, 4, 6]), st.data())
def test_every_stacking_holds_each_part_once(k: int, m: int, data: st.DataObject) -> None:
    native = data.draw(st.sampled_from([(k * m, 5), (5, k * m), (k, m, 5)]))
    for choice in stacks(native, [(5, m)] * k):
        parts = [held(way.steps, native) for way in choice]
        assert all(part.shape == (5, m) for part in parts)
        assert len(np.unique(np.concatenate([part.ravel() for part in parts]))) == 5 * m * k


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_heads_that_stand_together_are_offered_in_every_order(order: tuple[int, ...]) -> None:
    start = np.arange(4 * 12).reshape(4, 12)
    apart = start.reshape(4, 2, 3, 2)
    wanted = [apart[:, :, place].reshape(4, 4) for place in order]
    found = [[applied(start, way.steps) for way in choice] for choice in stacks((4, 12), [(4, 4)] * 3)]
    assert any(all(np.array_equal(a, b) for a, b in zip(parts, wanted, strict=True)) for parts in found)
