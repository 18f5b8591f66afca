"""What a side's loss means, recognised by what it gives: its form, its options, its scale, the weights of its classes.

A loss is written in a hundred ways: an object, a function, a closure, a word. So it is asked, not read: from outputs,
targets and the losses that the side gave for them, the form is found that gives the same numbers. `evaluated` is that
form again, in any array library.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, product
from typing import Any, Literal

import numpy as np
from scipy.optimize import brentq

from paragone.meaning.forms import loss_forms
from paragone.meaning.forms.base import Form, Numbers
from paragone.meaning.forms.shared import fits_broadcast, labels
from paragone.meaning.numpy_numbers import NUMPY

Array = np.ndarray[Any, Any]
Over = Literal["mean", "sum"]
_LIKELY = 1e-3
_LENGTHS = (1e-4, 1e3, 71)
"""Smallest and largest length that is looked for, and between how many it is."""
_PAIRED = 4
"""Points whose differences tell a length: two of them alone may lie on both sides of a turn."""


@dataclass(frozen=True)
class Point:
    """What a side gave once.

    Args:
        output: of its model, class axis last.
        target: as the side takes it.
        loss: the number.
    """

    output: Array
    target: Array
    loss: float


@dataclass(frozen=True)
class Meaning:
    """A loss: `scale` times the mean, or the sum, of a form's values, and a penalty.

    Args:
        form: a word of `loss_forms`.
        options: of the form.
        scale: factor on the whole.
        over: the mean over all places, or their sum.
        weights: of the classes; empty for none.
        by_weights: the weighted sum is divided by the sum of the targets' weights, not by their number (row D5).
        constant: what is left, the same for every batch: the penalties on the weights.
    """

    form: str
    options: dict[str, float] = field(default_factory=dict)
    scale: float = 1.0
    over: Over = "mean"
    weights: tuple[float, ...] = ()
    by_weights: bool = False
    constant: float = 0.0


def evaluated(xp: Numbers, meaning: Meaning, output: Any, target: Any) -> Any:
    """The loss without its penalties.

    Args:
        xp: of the arrays' library.
        meaning: of the loss.
        output: of the model, class axis last.
        target: as the side takes it.
    """
    if temperature := meaning.options.get("temperature"):
        output = output / temperature
    values = loss_forms()[meaning.form].values(xp, output, target, meaning.options)
    size = xp.count(values)
    if meaning.weights:
        hot = labels(xp, output, target, _unsmoothed(meaning))
        weights = xp.sum(hot * xp.cast(np.array(meaning.weights), output))
        values = values * weights
        size = xp.total(weights) if meaning.by_weights else size
    total = xp.total(values)
    return meaning.scale * (total if meaning.over == "sum" else total / size)


def _unsmoothed(meaning: Meaning) -> dict[str, float]:
    """Which class each place is of: what of the options counts for that."""
    return {name: value for name, value in meaning.options.items() if name == "shift"}


def recognised(points: Sequence[Point], saturated: Sequence[Point], kind: str, tolerance: float) -> Meaning | None:
    """The plainest meaning that gives all these losses, or None; see `meanings`."""
    return next(meanings(points, saturated, kind, tolerance), None)


def meanings(points: Sequence[Point], saturated: Sequence[Point], kind: str, tolerance: float) -> Iterator[Meaning]:
    """The meanings that give all these losses, the plainest first.

    Several do where the points are too alike: Huber's loss of large errors alone is an absolute error and a constant.

    Args:
        points: ordinary ones, of batches of at least two sizes.
        saturated: on inputs that drive a softmax to 0 and 1; they decide between options that agree elsewhere.
        kind: what the outputs are (`logits`, `probabilities`, …).
        tolerance: relative.
    """
    for guess in _guesses(points, kind):
        if _agrees(guess, points, tolerance):
            yield decided(guess, saturated, tolerance)


def decided(meaning: Meaning, saturated: Sequence[Point], tolerance: float) -> Meaning:
    """The options that hold where the outputs are saturated as well; those that were found, where none do."""
    form = loss_forms()[meaning.form]
    if not saturated or form.threshold:
        return meaning
    for options in (*form.options, *form.extremes):
        candidate = replace(meaning, options={**meaning.options, **options})
        if _agrees(candidate, saturated, tolerance):
            return candidate
    return meaning


def _agrees(meaning: Meaning, points: Sequence[Point], tolerance: float) -> bool:
    for point in points:
        given = float(evaluated(NUMPY, meaning, point.output, point.target)) + meaning.constant
        if not abs(given - point.loss) <= tolerance * max(abs(point.loss), abs(given), 1e-6):
            return False
    return True


def _guesses(points: Sequence[Point], kind: str) -> Iterator[Meaning]:
    """Meanings that fit some points, the plainest first; whether they fit all is for the caller to see."""
    fitting = [
        (word, form, options)
        for word, form in loss_forms().items()
        if not form.alone and (form.takes in {"", kind} or (kind == "values" and form.takes != "logits"))
        if all(form.fits(point.output, point.target) for point in points)
        for options in form.options
        if not options.get("broadcast") or all(fits_broadcast(point.output, point.target) for point in points)
    ]
    for beside in (False, True):
        for guess in (_scaled, _smoothed, _with_threshold, _shifted, _tempered, _weighted):
            for word, form, options in fitting:
                for found in guess(Meaning(word, dict(options)), form, points, beside):
                    whole = _with_constant(found, points[0]) if beside else found
                    if whole.constant >= 0.0:  # a penalty is never negative
                        yield whole


def _value(meaning: Meaning, point: Point) -> float:
    return float(evaluated(NUMPY, meaning, point.output, point.target))


def _with_constant(meaning: Meaning, point: Point) -> Meaning:
    """Beside penalties, which are the same for every batch."""
    return replace(meaning, constant=point.loss - _value(meaning, point))


def _level(meaning: Meaning, points: Sequence[Point], beside: bool) -> float:
    """The value at the first point, or how far it is above that at the second, which no constant changes."""
    return _value(meaning, points[0]) - (_value(meaning, points[1]) if beside else 0.0)


def _given(points: Sequence[Point], beside: bool) -> float:
    """The loss that stands against `_level`."""
    return points[0].loss - (points[1].loss if beside else 0.0)


def _scaled(meaning: Meaning, _form: Form, points: Sequence[Point], beside: bool) -> Iterator[Meaning]:
    """As it is; at another scale; as a sum."""
    yield meaning
    for over in ("mean", "sum"):
        plain = replace(meaning, over=over)
        value = _level(plain, points, beside)
        if value:
            yield replace(plain, scale=short(_given(points, beside) / value))


def _smoothed(meaning: Meaning, form: Form, points: Sequence[Point], beside: bool) -> Iterator[Meaning]:
    """With smoothed targets: the loss is linear in the smoothing."""
    if not form.smoothed:
        return
    none, full = (
        _level(replace(meaning, options={**meaning.options, "smoothing": smoothing}), points, beside)
        for smoothing in (0.0, 1.0)
    )
    if full != none:
        share = short((_given(points, beside) - none) / (full - none))
        if _LIKELY < share < 1:
            yield replace(meaning, options={**meaning.options, "smoothing": share})


def _with_threshold(meaning: Meaning, form: Form, points: Sequence[Point], beside: bool) -> Iterator[Meaning]:
    """With the length at which Huber's loss turns into a line, at each of two scales (row D9)."""
    if not form.threshold:
        return
    pairs = list(combinations(points[:_PAIRED], 2)) if beside else [points]
    for power, pair in product((0, -1), pairs):
        for found in _crossings(meaning, form.threshold, power, pair, beside):
            delta = short(found)
            yield replace(meaning, options={**meaning.options, form.threshold: delta}, scale=short(delta**power))


def _shifted(meaning: Meaning, form: Form, points: Sequence[Point], beside: bool) -> Iterator[Meaning]:
    """With labels that are one class further on or one back."""
    if form.classes:
        for shift in (1.0, -1.0):
            yield from _scaled(replace(meaning, options={**meaning.options, "shift": shift}), form, points, beside)


def _tempered(meaning: Meaning, form: Form, points: Sequence[Point], beside: bool) -> Iterator[Meaning]:
    """With logits divided by a number; where a student is distilled, the loss is times its square."""
    if not form.tempered or form.takes != "logits":
        return
    pairs = list(combinations(points[:_PAIRED], 2)) if beside else [points]
    for power, pair in product((0, 2), pairs):
        for found in _crossings(meaning, "temperature", power, pair, beside):
            temperature = short(found)
            if abs(temperature - 1.0) > _LIKELY:
                options = {**meaning.options, "temperature": temperature}
                yield replace(meaning, options=options, scale=short(temperature**power))


def _crossings(meaning: Meaning, name: str, power: int, points: Sequence[Point], beside: bool) -> Iterator[float]:
    """The options at which the loss, times the option to a power, is the given one: by bisection."""

    def off(delta: float) -> float:
        changed = replace(meaning, options={**meaning.options, name: delta}, scale=delta**power)
        return _level(changed, points, beside) - _given(points, beside)

    lengths = np.geomspace(*_LENGTHS).tolist()
    values = [off(length) for length in lengths]
    for low, high, a, b in zip(lengths, lengths[1:], values, values[1:], strict=False):
        if a * b <= 0 and a != b:
            yield float(brentq(off, low, high, xtol=1e-14, rtol=1e-14))


def _weighted(meaning: Meaning, form: Form, points: Sequence[Point], beside: bool) -> Iterator[Meaning]:
    """With weights of the classes: the loss is linear in them, whatever it is divided by (row D5)."""
    if not form.classes or len(points) <= points[0].output.shape[-1] + beside:
        return
    rows, counts = zip(*(_by_class(meaning, form, point) for point in points), strict=True)
    sums, shares = np.array(rows), np.array(counts)
    losses = np.array([point.loss for point in points])
    means = sums / shares.sum(1, keepdims=True)
    by_number, *_ = np.linalg.lstsq(np.pad(means, ((0, 0), (0, int(beside))), constant_values=1.0), losses, rcond=None)
    yield replace(meaning, weights=tuple(map(short, by_number[: means.shape[1]])))
    if beside:
        return
    *_, basis = np.linalg.svd(sums - losses[:, None] * shares)
    direction = basis[-1] / basis[-1].sum() if basis[-1].sum() else basis[-1]
    yield replace(meaning, weights=tuple(direction), by_weights=True)


def _by_class(meaning: Meaning, form: Form, point: Point) -> tuple[Array, Array]:
    """For each class the sum of the form's values at its places, and how many they are."""
    values = form.values(NUMPY, point.output, point.target, meaning.options)
    hot = labels(NUMPY, point.output, point.target, _unsmoothed(meaning))
    axes = tuple(range(hot.ndim - 1))
    return (hot * values[..., None]).sum(axes), hot.sum(axes)


def short(value: float) -> float:
    """The short decimal that a person wrote, where it is one."""
    written = float(f"{value:.6g}")
    return written if abs(written - value) <= 1e-11 * max(1.0, abs(value)) else float(value)
