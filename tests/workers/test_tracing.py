"""What the rungs are made of: rounding noise, and one measure of what was learned for all sides."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from paragone.workers.describe import output_kind
from paragone.workers.outcome import accuracy, test_loss
from paragone.workers.tracing import _one_ulp

Array = np.ndarray[Any, Any]
measured_loss = test_loss
del test_loss  # a name that pytest would take for a test


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@given(
    values=st.lists(st.floats(-(2.0**100), 2.0**100, width=32), min_size=1, max_size=40), seed=st.integers(0, 2**32 - 1)
)
def test_noise_is_the_next_number_above_or_below(dtype: type, values: list[float], seed: int) -> None:
    array = np.array(values, dtype)
    moved = _one_ulp(array, np.random.default_rng(seed))
    above, below = np.nextafter(array, dtype(np.inf)), np.nextafter(array, dtype(-np.inf))
    assert moved.dtype == array.dtype
    assert (((moved == above) | (moved == below)) & (moved != array)).all()


def test_noise_goes_both_ways_and_is_repeatable() -> None:
    array = np.linspace(-3, 3, 1000).reshape(10, 10, 10)
    first, again, other = (_one_ulp(array, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert 400 < (first > array).sum() < 600
    assert first.shape == array.shape


def test_noise_of_an_array_that_is_not_contiguous() -> None:
    array = np.arange(1.0, 13.0).reshape(3, 4).T
    assert (np.abs(_one_ulp(array, np.random.default_rng(0)) / array - 1) <= np.finfo(np.float64).eps).all()


LOGITS = arrays(np.float64, (6, 4), elements=st.floats(-20, 20))


@given(LOGITS)
def test_the_test_loss_does_not_depend_on_the_form_of_the_outputs(logits: Array) -> None:
    labels = np.array([0, 1, 2, 3, 0, 1])
    chance = np.exp(logits - logits.max(-1, keepdims=True))
    chance /= chance.sum(-1, keepdims=True)
    losses = [measured_loss([form], [labels], 4) for form in (logits, chance, np.log(chance))]
    expected = -np.log(chance[np.arange(6), labels]).mean()
    assert losses == pytest.approx([expected] * 3, rel=1e-6, abs=1e-6)
    assert measured_loss([logits], [np.eye(4)[labels]], 4) == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_the_test_loss_of_one_logit_and_of_one_probability() -> None:
    labels = np.array([1, 0, 1])
    logit = np.array([[2.0], [-1.0], [0.5]])
    expected = np.mean([math.log1p(math.exp(-z if y else z)) for z, y in zip(logit[:, 0], labels, strict=True)])
    assert measured_loss([logit], [labels], 2) == pytest.approx(expected)
    assert measured_loss([1 / (1 + np.exp(-logit))], [labels[:, None].astype(float)], 2) == pytest.approx(expected)


def test_the_test_loss_of_numbers_is_the_squared_error() -> None:
    assert measured_loss([np.array([[1.0], [3.0]])], [np.array([1.0, 1.0])], None) == 2.0
    assert measured_loss([np.ones((2, 1)), np.zeros((2, 1))], [np.zeros(2), np.zeros(2)], None) == 0.5


def test_a_saturated_probability_costs_much_and_is_no_error() -> None:
    assert 100 < measured_loss([np.array([[1.0, 0.0]])], [np.array([1])], 2) < math.inf


def chances(logits: Array) -> Array:
    chance: Array = np.exp(logits - logits.max(-1, keepdims=True))
    return chance / chance.sum(-1, keepdims=True)


@pytest.mark.parametrize("places", [(7,), (4, 5), (4, 3)])
def test_classes_at_every_place_of_a_sample(places: tuple[int, ...]) -> None:
    random = np.random.default_rng(0)
    logits, labels = random.standard_normal((6, *places, 3)), random.integers(3, size=(6, *places))
    expected = -np.log(np.take_along_axis(chances(logits), labels[..., None], -1)).mean()
    for form in (logits, chances(logits), np.moveaxis(logits, -1, 1)):
        assert measured_loss([form], [labels], 3) == pytest.approx(expected)
        assert accuracy([form], [labels], 3) == (logits.argmax(-1) == labels).mean()


def test_yes_or_no_at_every_place_of_a_sample() -> None:
    random = np.random.default_rng(0)
    logits, mask = random.standard_normal((6, 4, 5, 1)), random.integers(2, size=(6, 4, 5, 1)).astype(float)
    chance = 1 / (1 + np.exp(-logits))
    expected = -np.log(np.where(mask == 1, chance, 1 - chance)).mean()
    for form, target in ((logits, mask), (chance, mask), (logits[..., 0], mask), (logits, mask[..., 0])):
        assert measured_loss([form], [target], 2) == pytest.approx(expected)
        assert accuracy([form], [target], 2) == ((logits > 0) == mask).mean()


def test_several_answers_of_yes_or_no_are_no_classes_that_exclude_each_other() -> None:
    logits, answers = np.array([[1.0, 2.0, -1.0], [3.0, -2.0, -4.0]]), np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
    assert accuracy([logits], [answers], 2) == pytest.approx(5 / 6)
    picked = np.where(answers == 1, logits, -logits)
    assert measured_loss([logits], [answers], 2) == pytest.approx(np.log1p(np.exp(-picked)).mean())


def test_class_numbers_in_a_column() -> None:
    assert accuracy([np.eye(3)], [np.array([[0], [1], [0]])], 3) == pytest.approx(2 / 3)


def test_targets_of_different_kinds_are_measured_each_in_its_own_way() -> None:
    random = np.random.default_rng(0)
    logits, labels = random.standard_normal((8, 3)), random.integers(3, size=8)
    value, wanted = random.standard_normal((8, 1)), random.standard_normal((8, 1))
    classes, squared = measured_loss([logits], [labels], 3), float(((value - wanted) ** 2).mean())
    assert measured_loss([logits, value], [labels, wanted], 3) == pytest.approx((classes + squared) / 2)
    assert measured_loss([value, logits], [wanted, labels], None) == pytest.approx((classes + squared) / 2)
    assert measured_loss([value, logits], [labels, wanted], 3) == pytest.approx((classes + squared) / 2)
    assert accuracy([logits, value], [labels, wanted], 3) == (logits.argmax(-1) == labels).mean()
    assert accuracy([value, logits], [wanted, labels], None) == (logits.argmax(-1) == labels).mean()


def test_an_output_without_a_target_is_left_out() -> None:
    images, moments = np.ones((3, 4, 4, 1)), np.full((3, 6), 7.0)
    for outputs in ([images, moments], [moments, images]):
        assert measured_loss(outputs, [np.zeros((3, 4, 4, 1))], None) == 1.0
        assert accuracy(outputs, [np.zeros((3, 4, 4, 1))], None) is None


@pytest.mark.parametrize(
    ("output", "kind"),
    [
        ([[0.2, 0.8], [1.0, 0.0]], "probabilities"),
        ([[-1.0, 2.0], [0.3, 0.1]], "logits"),
        ([[0.2, 0.2], [0.3, 0.1]], "logits"),
        ([[math.log(0.2), math.log(0.8)]], "log-probabilities"),
        ([[0.2], [0.9]], "probabilities"),
        ([[0.2], [-0.9]], "logits"),
        ([0.2, 0.9], "probabilities"),
    ],
)
def test_the_kind_of_an_output_is_seen_in_its_values(output: list[Any], kind: str) -> None:
    assert output_kind([np.array(output)], classification=True) == kind
    assert output_kind([np.array(output)], classification=False) == "values"
