"""What a side's loss means, recognised by what it gives: its form, its options, its scale, the weights of its classes.

A loss is written in a hundred ways: an object, a function, a closure, a word. So it is asked, not read: from outputs,
targets and the losses that the side gave for them, the form is found that gives the same numbers. `evaluated` is that
form again, in any array library.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import prod
from typing import Any, Literal

import numpy as np

from paragone.meaning.forms import loss_forms
from paragone.meaning.forms.base import Form, Numbers
from paragone.meaning.forms.shared import fits_broadcast, labels
from paragone.meaning.numpy_numbers import NUMPY

Array = np.ndarray[Any, Any]
Over = Literal["mean", "sum"]
_LIKELY = 1e-3


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
    values = loss_forms()[meaning.form].values(xp, output, target, meaning.options)
    size: Any = float(prod(tuple(values.shape)))
    if meaning.weights:
        hot = labels(xp, output, target, {})
        weights = xp.sum(hot * xp.cast(np.array(meaning.weights), output))
        values = values * weights
        size = xp.total(weights) if meaning.by_weights else size
    total = xp.total(values)
    return meaning.scale * (total if meaning.over == "sum" else total / size)


def recognised(points: Sequence[Point], saturated: Sequence[Point], kind: str, tolerance: float) -> Meaning | None:
    """The meaning that gives all these losses, or None.

    Args:
        points: ordinary ones, of batches of at least two sizes.
        saturated: on inputs that drive a softmax to 0 and 1; they decide between options that agree elsewhere.
        kind: what the outputs are (`logits`, `probabilities`, …).
        tolerance: relative.
    """
    for guess in _guesses(points, kind):
        if _agrees(guess, points, tolerance):
            return _decided(guess, saturated, tolerance)
    return None


def _decided(meaning: Meaning, saturated: Sequence[Point], tolerance: float) -> Meaning:
    """The options that hold where the outputs are saturated as well; those that were found, where none do."""
    form = loss_forms()[meaning.form]
    if not saturated or form.threshold:
        return meaning
    for options in form.options:
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
        if form.takes in {"", kind} or (kind == "values" and form.takes != "logits")
        if all(form.fits(point.output, point.target) for point in points)
        for options in form.options
        if not options.get("broadcast") or all(fits_broadcast(point.output, point.target) for point in points)
    ]
    for guess in (_scaled, _with_constant, _smoothed, _with_threshold, _weighted):
        for word, form, options in fitting:
            yield from guess(Meaning(word, dict(options)), form, points)


def _value(meaning: Meaning, point: Point) -> float:
    return float(evaluated(NUMPY, meaning, point.output, point.target))


def _scaled(meaning: Meaning, _form: Form, points: Sequence[Point]) -> Iterator[Meaning]:
    """As it is; at another scale; as a sum."""
    yield meaning
    for over in ("mean", "sum"):
        plain = replace(meaning, over=over)
        value = _value(plain, points[0])
        if value:
            yield replace(plain, scale=_round(points[0].loss / value))


def _with_constant(meaning: Meaning, _form: Form, points: Sequence[Point]) -> Iterator[Meaning]:
    """Beside penalties, which are the same for every batch."""
    yield replace(meaning, constant=points[0].loss - _value(meaning, points[0]))


def _smoothed(meaning: Meaning, form: Form, points: Sequence[Point]) -> Iterator[Meaning]:
    """With smoothed targets: the loss is linear in the smoothing."""
    if not form.smoothed:
        return
    none, full = (
        _value(replace(meaning, options={**meaning.options, "smoothing": smoothing}), points[0])
        for smoothing in (0.0, 1.0)
    )
    if full != none:
        share = _round((points[0].loss - none) / (full - none))
        if _LIKELY < share < 1:
            yield replace(meaning, options={**meaning.options, "smoothing": share})


def _with_threshold(meaning: Meaning, form: Form, points: Sequence[Point]) -> Iterator[Meaning]:
    """With the length at which Huber's loss turns into a line: by bisection, at each of two scales (row D9)."""
    if not form.threshold:
        return
    for power in (0, -1):
        found = _bisected(meaning, form.threshold, power, points[0])
        if found is not None:
            delta = _round(found)
            yield replace(meaning, options={**meaning.options, form.threshold: delta}, scale=_round(delta**power))


def _bisected(meaning: Meaning, name: str, power: int, point: Point) -> float | None:
    """The option at which the loss, times the option to a power, is the given one; None if it is nowhere."""

    def off(delta: float) -> float:
        changed = replace(meaning, options={**meaning.options, name: delta}, scale=delta**power)
        return _value(changed, point) - point.loss

    low, high = 1e-4, 1e3
    if off(low) * off(high) > 0:
        return None
    for _ in range(200):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if off(low) * off(middle) > 0 else (low, middle)
    return high


def _weighted(meaning: Meaning, form: Form, points: Sequence[Point]) -> Iterator[Meaning]:
    """With weights of the classes: the loss is linear in them, whatever it is divided by (row D5)."""
    if not form.classes or len(points) <= points[0].output.shape[-1]:
        return
    rows, counts = zip(*(_by_class(meaning, form, point) for point in points), strict=True)
    sums, shares = np.array(rows), np.array(counts)
    losses = np.array([point.loss for point in points])
    by_number, *_ = np.linalg.lstsq(sums / shares.sum(1, keepdims=True), losses, rcond=None)
    yield replace(meaning, weights=tuple(map(_round, by_number)))
    *_, basis = np.linalg.svd(sums - losses[:, None] * shares)
    direction = basis[-1] / basis[-1].sum() if basis[-1].sum() else basis[-1]
    yield replace(meaning, weights=tuple(direction), by_weights=True)


def _by_class(meaning: Meaning, form: Form, point: Point) -> tuple[Array, Array]:
    """For each class the sum of the form's values at its places, and how many they are."""
    values = form.values(NUMPY, point.output, point.target, meaning.options)
    hot = labels(NUMPY, point.output, point.target, {})
    axes = tuple(range(hot.ndim - 1))
    return (hot * values[..., None]).sum(axes), hot.sum(axes)


def _round(value: float) -> float:
    """The short decimal that a person wrote, where it is one."""
    short = float(f"{value:.6g}")
    return short if abs(short - value) <= 1e-11 * max(1.0, abs(value)) else float(value)
