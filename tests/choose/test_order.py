"""Weights that agree with what was said: exactly uniform on what an order leaves."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from paragone.choose.order import CyclicOrder, drawn, named_in, ordered
from paragone.records import Weighing

DRAWS = 40_000


def weights(*order: str, kind: str = "order", draws: int = DRAWS) -> dict[str, np.ndarray]:
    names, found = drawn(Weighing.model_validate({"kind": kind, "order": order}), 0, draws)
    assert np.allclose(found.sum(axis=1), 1)
    assert (found >= 0).all()
    return dict(zip(names, found.T, strict=True))


def rejected(names: str, keeps: object, draws: int = 400_000) -> np.ndarray:
    """The same weights by brute force: all at random, and those that do not agree are thrown away."""
    every = np.random.default_rng(5).dirichlet(np.ones(len(names)), size=draws)
    return every[[keeps(dict(zip(names, row, strict=True))) for row in every]]


def test_a_full_order_has_the_rank_order_centroid() -> None:
    """Barron and Barrett (1996), Management Science 42(11): w_k is the mean of 1/n ... over the last n - k + 1."""
    found = weights("a > b > c > d")
    for place, name in enumerate("abcd"):
        assert found[name].mean() == pytest.approx(sum(1 / i for i in range(place + 1, 5)) / 4, abs=0.004)
    assert all((found[a] >= found[b]).all() for a, b in itertools.pairwise("abcd"))


@pytest.mark.parametrize(
    ("order", "keeps"),
    [
        (("a > b", "a > c"), lambda w: w["a"] >= w["b"] and w["a"] >= w["c"]),
        (("a > c", "b > c", "d"), lambda w: w["a"] >= w["c"] and w["b"] >= w["c"]),
        (("a > b > c", "a > d"), lambda w: w["a"] >= w["b"] >= w["c"] and w["a"] >= w["d"]),
    ],
)
def test_a_partial_order_is_as_by_brute_force(order: tuple[str, ...], keeps: object) -> None:
    found = weights(*order)
    names = "".join(sorted(found))
    wanted = rejected(names, keeps, 60_000)
    for place, name in enumerate(names):
        for share in (0.1, 0.5, 0.9):
            assert np.quantile(found[name], share) == pytest.approx(np.quantile(wanted[:, place], share), abs=0.012)


def test_equal_weights_are_equal_and_the_rest_is_uniform() -> None:
    """With a = b the weights are (t, t, 1 - 2t), uniform in t up to a half; the order cuts it at a third."""
    found = weights("a = b", "c > b")
    assert (found["a"] == found["b"]).all()
    assert np.quantile(found["a"], (0.25, 0.5, 0.75)) == pytest.approx([1 / 12, 1 / 6, 1 / 4], abs=0.004)
    first = weights("a = b > c")
    assert np.quantile(first["a"], (0.25, 0.5, 0.75)) == pytest.approx([3 / 8, 5 / 12, 11 / 24], abs=0.004)


def test_nothing_said_is_uniform_on_the_simplex() -> None:
    found = weights("a", "b", "c", kind="nothing")
    assert found["a"].mean() == pytest.approx(1 / 3, abs=0.005)
    assert np.quantile(found["a"], 0.5) == pytest.approx(1 - 0.5**0.5, abs=0.006)


def test_numbers_are_the_centre_and_the_concentration_their_spread() -> None:
    names, found = drawn(Weighing(weights={"a": 3, "b": 1, "c": 0}, concentration=40), 0, DRAWS)
    assert names == ("a", "b")
    assert found.mean(axis=0) == pytest.approx([0.75, 0.25], abs=0.003)
    assert np.quantile(found[:, 1], (0.025, 0.975)) == pytest.approx([0.13, 0.39], abs=0.01)


@pytest.mark.parametrize(
    ("order", "circle"),
    [(("a > b", "b > c", "c > a"), "a"), (("a > a",), "a > a"), (("a > b", "a = c", "b = c"), "c > c")],
)
def test_an_order_that_goes_round_is_refused(order: tuple[str, ...], circle: str) -> None:
    with pytest.raises(CyclicOrder) as caught:
        ordered(order)
    assert " > " in str(caught.value)


def test_every_name_is_found_once() -> None:
    assert named_in(("a > b = c", "c > d", "e")) == ("a", "b", "c", "d", "e")
