"""The learning rate as it was seen, step by step, and how the schedules of two sides differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from paragone.prove.hypotheses import KIND, PRECISION, SCHEDULE, alike
from paragone.prove.subject import Subject
from paragone.records import Trait

Array = np.ndarray[Any, Any]
_CLOSE, _EXACT = 1e-6, 1e-12


def with_schedules(subjects: Sequence[Subject], rates: Mapping[str, Array], epoch: int) -> list[Subject]:
    """The sides with their learning rates as a trait; as they were where no rate changes.

    Args:
        subjects: the sides, the reference first.
        rates: the learning rate of every step, by side; a side whose rate cannot be seen is left out.
        epoch: steps of an epoch.
    """
    if len(rates) < len(subjects) or all(_constant(array) for array in rates.values()):
        return list(subjects)
    first = rates[subjects[0].name]
    return [
        replace(subject, seen=(*subject.seen, _trait(subject, rates[subject.name], first, epoch)))
        for subject in subjects
    ]


def _constant(rates: Array) -> bool:
    return bool(np.allclose(rates, rates[0], rtol=_CLOSE, atol=0.0))


def _trait(subject: Subject, rates: Array, reference: Array, epoch: int) -> Trait:
    kind = next((trait for trait in subject.traits if (trait.where, trait.name) == (KIND, KIND)), None)
    trap, row = _trap(rates, reference, epoch)
    return Trait(
        where=KIND,
        name=SCHEDULE,
        value=tuple(float(rate) for rate in rates),
        trap=trap,
        row=row,
        line=kind.line if kind else None,
        settable=bool(kind and kind.settable),
    )


def _trap(rates: Array, reference: Array, epoch: int) -> tuple[str, str | None]:
    """What kind of difference it is: the first that would make the one schedule the other."""
    for trap, row, test in TESTS:
        if not _near(rates, reference) and test(rates, reference, epoch):
            return trap, row
    rounded = _near(rates, reference) and not np.allclose(rates, reference, rtol=_EXACT, atol=0.0)
    return (PRECISION, "F13") if rounded else ("schedule", None)


def _near(a: Array, b: Array) -> bool:
    return len(a) > 0 and bool(np.allclose(a, b, rtol=_CLOSE, atol=1e-12))


def _off_by_one(a: Array, b: Array, _epoch: int) -> bool:
    return _near(a[1:], b[:-1]) or _near(b[1:], a[:-1])


def _by_epochs(a: Array, b: Array, epoch: int) -> bool:
    """One counts epochs, or another number of steps, where the other counts steps (row F1)."""
    counts = {epoch, *range(2, len(a) // 2 + 1)} - {0, 1}
    return any(_near(a, b[steps]) or _near(b, a[steps]) for steps in (np.arange(len(a)) // count for count in counts))


def _at_another_scale(a: Array, b: Array, _epoch: int) -> bool:
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = a / b
    return bool(np.isfinite(ratio).all()) and _constant(ratio)


def _up_again(a: Array, b: Array, _epoch: int) -> bool:
    """They agree until one of them rises after its end (row F2)."""
    apart = int(np.argmax(~np.isclose(a, b, rtol=_CLOSE, atol=1e-12)))
    rising = [bool(np.any(np.diff(rates[apart - 1 :]) > 0)) for rates in (a, b)]
    return apart > 1 and rising[0] != rising[1] and bool(np.all(np.diff(a[:apart]) <= 1e-12))


def _warmed(a: Array, b: Array, _epoch: int) -> bool:
    """They agree while the rate rises, and part after (row F6)."""
    top = int(np.argmax(b))
    return top > 1 and _near(a[:top], b[:top])


TESTS = (
    ("learning-rate", "E9", _at_another_scale),
    ("schedule-unit", "F1", _by_epochs),
    ("schedule-off-by-one", "F3", _off_by_one),
    ("schedule-after-its-end", "F2", _up_again),
    ("schedule-warm-up", "F6", _warmed),
)


def shown_rates(rates: Sequence[float]) -> str:
    """A schedule in words: its rate at the start, where it has changed most, and at the end."""
    first, last = rates[0], rates[-1]
    changes = [i for i in range(1, len(rates)) if not alike(rates[i], rates[i - 1])]
    if not changes:
        return f"{first:g} throughout"
    return f"{first:g} at first, {rates[changes[0]]:g} from step {changes[0] + 1}, {last:g} at step {len(rates)}"
