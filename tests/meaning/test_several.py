"""The loss of several outputs is recognised as the sum that it is, from the numbers that it gives alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from paragone.meaning.loss import Meaning
from paragone.meaning.numpy_numbers import NUMPY
from paragone.meaning.several import Part, SeveralPoint, parts_of

SIZES = (7, 7, 5, 7, 11, 6, 3, 9)
CLASSES = Meaning("crossentropy_logits")
SQUARES = Meaning("squared_error")
ABSOLUTE = Meaning("absolute_error")


def points_of(parts: tuple[Part, ...], n_targets: int = 2, off: float = 0.0) -> list[SeveralPoint]:
    """What a model with logits, a number and means with log-variances gives, and its loss."""
    rng, found = np.random.default_rng(0), []
    for n in SIZES:
        outputs = (rng.normal(size=(n, 3)), rng.normal(size=(n, 1)), rng.normal(size=(n, 4)), rng.normal(size=(n, 4)))
        targets = (rng.integers(0, 3, n), rng.normal(size=(n, 1)))[:n_targets]
        loss = sum(float(part.value(NUMPY, outputs, targets)) for part in parts)
        found.append(SeveralPoint(outputs, targets, loss + off * float(outputs[1].max())))
    return found


SCALES = st.sampled_from([0.25, 0.5, 1.0, 3.0])


@settings(max_examples=25, deadline=None)
@given(SCALES, SCALES, SCALES, st.sampled_from([SQUARES, ABSOLUTE]), st.booleans(), st.booleans())
def test_forms_scales_and_sums_are_found(
    a: float, b: float, c: float, second: Meaning, summed: bool, together: bool
) -> None:
    divergence = Meaning("gaussian_kl", scale=c)
    parts = (
        Part((0,), 0, replace(CLASSES, scale=a)),
        Part((1,), 1, replace(second, scale=b, over="sum" if summed else "mean")),
        Part((2, 3) if together else (2,), None, divergence),
    )
    wanted = {(p.outputs, p.target, p.meaning.form, p.meaning.over, p.meaning.scale) for p in parts}
    found = parts_of(points_of(parts), 1e-9)
    assert found is not None
    got = {(p.outputs, p.target, p.meaning.form, p.meaning.over, round(p.meaning.scale, 6)) for p in found}
    assert got == wanted


def test_what_is_no_such_sum_is_not_recognised() -> None:
    parts = (Part((0,), 0, CLASSES), Part((1,), 1, SQUARES))
    assert parts_of(points_of(parts), 1e-9) is not None
    assert parts_of(points_of(parts, off=1e-3), 1e-9) is None
