"""A loss is recognised by what it gives, whatever form, options, scale and weights it has."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paragone.meaning.forms import loss_forms
from paragone.meaning.loss import Meaning, Point, evaluated, recognised
from paragone.meaning.numpy_numbers import NUMPY

TOLERANCE = 1e-9
WITH_TARGET = sorted(word for word, form in loss_forms().items() if not form.alone)
KINDS = {"logits": "logits", "probabilities": "probabilities", "log-probabilities": "log-probabilities"}


def _output(word: str, rows: int, rng: np.random.Generator) -> np.ndarray[Any, Any]:
    takes = loss_forms()[word].takes
    binary = word.startswith("binary")
    raw = rng.normal(size=(rows, 1 if binary else 4)) * 2
    if takes == "probabilities":
        return 1 / (1 + np.exp(-raw)) if binary else np.exp(raw) / np.exp(raw).sum(-1, keepdims=True)
    if takes == "log-probabilities":
        return raw - np.log(np.exp(raw).sum(-1, keepdims=True))
    return np.exp(raw) if word == "poisson" else raw


def _target(word: str, output: np.ndarray[Any, Any], rng: np.random.Generator) -> np.ndarray[Any, Any]:
    form = loss_forms()[word]
    if form.classes:
        return rng.integers(0, output.shape[-1], len(output))
    if word.startswith("kl"):
        raw = rng.random(output.shape)
        return raw / raw.sum(-1, keepdims=True)
    if word.startswith("binary"):
        return rng.integers(0, 2, output.shape).astype(float)
    if word == "hinge":
        return rng.choice([-1.0, 1.0], output.shape)
    return np.abs(rng.normal(size=output.shape)) if word.startswith("poisson") else rng.normal(size=output.shape)


def _points(meaning: Meaning, sizes: tuple[int, ...], seed: int = 0) -> list[Point]:
    rng = np.random.default_rng(seed)
    points = []
    for size in sizes:
        output = _output(meaning.form, size, rng)
        target = _target(meaning.form, output, rng)
        points.append(Point(output, target, float(evaluated(NUMPY, meaning, output, target)) + meaning.constant))
    return points


def _kind(word: str) -> str:
    return loss_forms()[word].takes or "values"


def _found(meaning: Meaning, seed: int = 0) -> Meaning | None:
    points = _points(meaning, (7, 7, 5, 9, 11, 6, 8), seed)
    return recognised(points, [], _kind(meaning.form), TOLERANCE)


@pytest.mark.parametrize("word", WITH_TARGET)
def test_every_form_is_recognised_as_itself(word: str) -> None:
    found = _found(Meaning(word, dict(loss_forms()[word].options[0])))
    assert found is not None
    assert (loss_forms()[found.form].name, found.scale, found.over) == (loss_forms()[word].name, 1.0, "mean")


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(["crossentropy_logits", "binary_logits"]), st.sampled_from([0.07, 0.5, 2.0, 20.0]))
def test_a_temperature_is_found(word: str, temperature: float) -> None:
    for scale in (1.0, temperature**2):
        found = _found(Meaning(word, {"temperature": temperature}, scale))
        assert found is not None
        assert found.options == {"temperature": pytest.approx(temperature, rel=1e-9)}
        assert found.scale == pytest.approx(scale, rel=1e-9)


@pytest.mark.parametrize("word", [word for word in WITH_TARGET if loss_forms()[word].classes])
@pytest.mark.parametrize("shift", [1.0, -1.0])
def test_labels_that_are_one_class_off_are_found(word: str, shift: float) -> None:
    found = _found(Meaning(word, {"shift": shift}))
    assert found is not None
    assert found.options["shift"] == shift


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(set(WITH_TARGET) - {"huber"})), st.sampled_from([0.25, 0.5, 2.0, 10.0]), st.booleans())
def test_the_scale_and_the_sum_are_found(word: str, scale: float, summed: bool) -> None:
    meaning = Meaning(word, dict(loss_forms()[word].options[0]), scale, "sum" if summed else "mean")
    found = _found(meaning)
    assert found is not None
    assert (loss_forms()[found.form].name, found.over) == (loss_forms()[word].name, meaning.over)
    assert found.scale == pytest.approx(scale, rel=1e-7)


@settings(max_examples=30, deadline=None)
@given(st.floats(0.01, 0.6), st.sampled_from([word for word, form in loss_forms().items() if form.smoothed]))
def test_label_smoothing_is_found(smoothing: float, word: str) -> None:
    found = _found(Meaning(word, {**loss_forms()[word].options[0], "smoothing": smoothing}))
    assert found is not None
    assert found.options["smoothing"] == pytest.approx(smoothing, rel=1e-6)


@settings(max_examples=30, deadline=None)
@given(st.floats(0.1, 2.5), st.sampled_from([0, -1]))
def test_the_threshold_of_huber_is_found_at_both_scales(delta: float, power: int) -> None:
    found = _found(Meaning("huber", {"delta": delta}, delta**power))
    assert found is not None
    if found.form == "huber":  # a threshold beyond all errors leaves half a squared error
        assert found.options["delta"] == pytest.approx(delta, rel=1e-6)
        assert found.scale == pytest.approx(delta**power, rel=1e-6)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0.2, 4), min_size=4, max_size=4, unique=True), st.booleans())
def test_weights_of_classes_are_found_with_what_they_are_divided_by(weights: list[float], by_weights: bool) -> None:
    meaning = Meaning("crossentropy_logits", weights=tuple(weights), by_weights=by_weights)
    found = recognised(_points(meaning, (20,) * 8), [], "logits", TOLERANCE)
    assert found is not None
    assert found.by_weights == by_weights
    wanted = np.array(weights) / (sum(weights) if by_weights else 1)
    assert np.allclose(found.weights, wanted, rtol=1e-6)


def test_a_penalty_is_a_constant() -> None:
    found = _found(Meaning("squared_error", constant=0.25))
    assert found is not None
    assert (found.form, found.constant) == ("squared_error", pytest.approx(0.25))


@given(st.floats(0.1, 3), st.sampled_from([0, -1]), st.floats(0.01, 2))
def test_the_threshold_of_huber_is_found_beside_a_penalty(delta: float, power: int, constant: float) -> None:
    meaning = Meaning("huber", {"delta": delta}, scale=delta**power, constant=constant)
    found = recognised(_points(meaning, (40, 30, 20, 25)), [], "values", TOLERANCE)
    assert found is not None
    assert evaluated(NUMPY, found, OUTER, INNER) == pytest.approx(evaluated(NUMPY, meaning, OUTER, INNER), rel=1e-6)
    assert found.constant == pytest.approx(constant, rel=1e-6)


OUTER, INNER = np.linspace(-4.0, 4.0, 31)[:, None], np.linspace(0.5, -0.3, 31)[:, None]


@given(st.floats(0.01, 0.9), st.floats(0.01, 2))
def test_smoothing_is_found_beside_a_penalty(smoothing: float, constant: float) -> None:
    meaning = Meaning("crossentropy_logits", {"smoothing": smoothing}, constant=constant)
    found = recognised(_points(meaning, (7, 5, 9)), [], "logits", TOLERANCE)
    assert found is not None
    assert found.options["smoothing"] == pytest.approx(smoothing, rel=1e-6)
    assert found.constant == pytest.approx(constant, rel=1e-6)


@given(st.lists(st.floats(0.2, 4), min_size=4, max_size=4, unique=True), st.floats(0.01, 2))
def test_weights_of_classes_are_found_beside_a_penalty(weights: list[float], constant: float) -> None:
    meaning = Meaning("crossentropy_logits", weights=tuple(weights), constant=constant)
    found = recognised(_points(meaning, (20,) * 9), [], "logits", TOLERANCE)
    assert found is not None
    assert np.allclose(found.weights, weights, rtol=1e-6)
    assert found.constant == pytest.approx(constant, rel=1e-5)


@pytest.mark.parametrize("shape", [(-1,), (-1, 1)])
def test_a_column_beside_a_row_is_every_pair(shape: tuple[int, ...]) -> None:
    """Also where the loss itself takes the axis away from one of two columns."""
    rng = np.random.default_rng(0)
    points = []
    for size in (7, 5):
        output, target = rng.normal(size=(size, 1)), rng.normal(size=size)
        points.append(Point(output, target.reshape(shape), float(((output - target[None]) ** 2).mean())))
    found = recognised(points, [], "values", TOLERANCE)
    assert found is not None
    assert found.options == {"broadcast": 1.0}


def test_clipped_probabilities_show_where_they_are_saturated() -> None:
    clipped = Meaning("crossentropy_probabilities", {"clip": 1e-7})
    output = np.array([[1.0, 0.0], [1e-12, 1.0]])
    point = Point(output, np.array([1, 1]), float(evaluated(NUMPY, clipped, output, np.array([1, 1]))))
    found = recognised(_points(clipped, (7, 5)), [point], "probabilities", TOLERANCE)
    assert found is not None
    assert found.options == {"clip": 1e-7}


@given(st.sampled_from([1e-3, 1e-5, 1e-7, 1e-8, 1e-12]))
def test_a_clip_of_probabilities_is_found_behind_logits(clip: float) -> None:
    clipped = Meaning("crossentropy_logits", {"clip": clip})
    output = np.array([[900.0, 0.0], [0.0, 50.0]])
    point = Point(output, np.array([1, 1]), float(evaluated(NUMPY, clipped, output, np.array([1, 1]))))
    found = recognised(_points(Meaning("crossentropy_logits"), (7, 5)), [point], "logits", TOLERANCE)
    assert found is not None
    assert found.options == {"clip": clip}


def test_what_is_no_form_is_not_recognised() -> None:
    rng = np.random.default_rng(0)
    points = [
        Point(output, target, float((np.abs(output - target) ** 3).mean()))
        for output, target in ((rng.normal(size=(n, 3)), rng.normal(size=(n, 3))) for n in (7, 5, 9))
    ]
    assert recognised(points, [], "values", TOLERANCE) is None
