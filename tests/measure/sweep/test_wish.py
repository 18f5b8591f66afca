from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paragone.errors import InputError
from paragone.measure.sweep.axes import axes
from paragone.measure.sweep.wish import LARGEST, wish


@pytest.mark.parametrize(
    ("text", "axis", "sizes"),
    [
        ("batch=1..4096", "batch", tuple(2**power for power in range(13))),
        ("batch=1,8,64", "batch", (1, 8, 64)),
        ("batch = 3..20, 64", "batch", (3, 4, 8, 16, 20, 64)),
        ("threads=1..2", "threads", (1, 2)),
        ("hidden.units=64,16", "LAYER.OPTION", (16, 64)),
        ("a.units+b.units=16,32", "LAYER.OPTION", (16, 32)),
        ("hidden.depth=1..4", "LAYER.depth", (1, 2, 4)),
        ("length=8..32", "length", (8, 16, 32)),
    ],
)
def test_an_axis_and_its_sizes_are_read(text: str, axis: str, sizes: tuple[int, ...]) -> None:
    found = wish(text)
    assert (found.axis.form, found.sizes) == (axis, sizes)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("batch", "AXIS=SIZES"),
        ("colour=1..8", "AXIS=SIZES"),
        ("batch=", "received: nothing"),
        ("batch=8..1", "received: 8..1"),
        ("batch=0..8", "whole numbers from 1"),
        ("batch=1..x", "received: 1..x"),
        ("batch=1..99999999999999999999999", "whole numbers from 1"),
        ("batch=8,8", "from 2 to"),
        ("batch=" + ",".join(map(str, range(1, 40))), "from 2 to"),
    ],
)
def test_what_cannot_be_swept_is_refused_with_what_can(text: str, says: str) -> None:
    with pytest.raises(InputError, match=r"--sweep") as refused:
        wish(text)
    assert says in str(refused.value)


@given(st.integers(1, LARGEST), st.integers(1, LARGEST))
def test_a_range_has_both_ends_and_the_powers_of_two_between(one: int, other: int) -> None:
    low, high = sorted((one, other))
    if low == high:
        return
    sizes = wish(f"batch={low}..{high}").sizes
    assert (sizes[0], sizes[-1]) == (low, high)
    assert list(sizes) == sorted(set(sizes))
    assert all(size & (size - 1) == 0 for size in sizes[1:-1])
    assert all(later <= 2 * earlier for earlier, later in pairwise(sizes))


def test_every_axis_says_what_it_is() -> None:
    assert [axis.form for axis in axes()] == ["batch", "threads", "length", "LAYER.depth", "LAYER.OPTION"]
    assert all(axis.called("hidden.units") and axis.counted("hidden.units") for axis in axes())
