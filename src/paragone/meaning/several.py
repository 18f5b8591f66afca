"""What the loss of a model with several outputs means: a sum of forms, each of an output, or of two side by side.

As with one output (`paragone.meaning.loss`) the loss is asked, not read: which forms, times which factors, add up to
the numbers that the side gave.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np

from paragone.meaning.forms import loss_forms
from paragone.meaning.forms.base import Form, Numbers
from paragone.meaning.forms.shared import fits_broadcast
from paragone.meaning.loss import Meaning, evaluated, short
from paragone.meaning.numpy_numbers import NUMPY

Array = np.ndarray[Any, Any]
_TRIED, _AT_ONCE = 60_000, 4000
"""Sums that are tried."""
_NEAR = 1e-3
"""How near a sum comes, in float32 as well, that is looked at closely."""


@dataclass(frozen=True)
class SeveralPoint:
    """What a side gave once.

    Args:
        outputs: of its model, class axes last.
        targets: as the side takes them.
        loss: the number.
    """

    outputs: tuple[Array, ...]
    targets: tuple[Array, ...]
    loss: float


@dataclass(frozen=True)
class Part:
    """One of the forms that a loss is the sum of.

    Args:
        outputs: the places of those that it takes: one, or two that are laid side by side.
        target: the place of the one that it takes; None for a form without a target.
        meaning: of it; its scale is its share of the loss.
    """

    outputs: tuple[int, ...]
    target: int | None
    meaning: Meaning

    def value(self, xp: Numbers, outputs: Sequence[Any], targets: Sequence[Any]) -> Any:
        """Its share, of arrays of any library."""
        taken = [outputs[place] for place in self.outputs]
        output = taken[0] if len(taken) == 1 else xp.side_by_side(taken)
        return evaluated(xp, self.meaning, output, None if self.target is None else targets[self.target])


def parts_of(points: Sequence[SeveralPoint], tolerance: float) -> tuple[Part, ...] | None:
    """The plainest sum of forms that gives all these losses; None where there is none.

    Args:
        points: more of them than outputs, of batches of at least two sizes.
        tolerance: relative.
    """
    losses = np.array([point.loss for point in points])
    known: dict[int, Array] = {}
    sums = islice(_sums(points), _TRIED)
    while some := list(islice(sums, _AT_ONCE)):
        for part in (part for parts in some for part in parts):
            if id(part) not in known:
                known[id(part)] = _over(part, points)
        for parts in _likely(some, known, losses):
            scales = _scales(np.stack([known[id(part)] for part in parts], 1), losses, tolerance)
            if scales is not None:
                return tuple(
                    replace(part, meaning=replace(part.meaning, scale=scale))
                    for part, scale in zip(parts, scales, strict=True)
                    if scale
                )
    return None


def _over(part: Part, points: Sequence[SeveralPoint]) -> Array:
    with np.errstate(all="ignore"):
        return np.array([float(part.value(NUMPY, point.outputs, point.targets)) for point in points])


def _likely(sums: Sequence[tuple[Part, ...]], known: Mapping[int, Array], losses: Array) -> Iterator[tuple[Part, ...]]:
    """Those of the sums whose columns come near the losses with some factors, all tried at once."""
    longest = max(map(len, sums))
    columns = np.zeros((len(sums), len(losses), longest))
    for row, parts in enumerate(sums):
        for at, part in enumerate(parts):
            columns[row, :, at] = known[id(part)]
    finite = np.isfinite(columns).all((1, 2))
    columns[~finite] = 0.0
    left = columns @ (np.linalg.pinv(columns) @ losses)[..., None]
    near = np.abs(left[..., 0] - losses).max(1) <= _NEAR * np.abs(losses).max()
    return (parts for parts, likely in zip(sums, (finite & near).tolist(), strict=True) if likely)


def _scales(columns: Array, losses: Array, tolerance: float) -> list[float] | None:
    """The factors with which columns add up to the losses; None where no factors do, or several."""
    found, _, rank, _ = np.linalg.lstsq(columns, losses, rcond=None)
    written = np.array([short(scale) for scale in found])
    written[np.abs(written) * np.abs(columns).max(0) <= tolerance * np.abs(losses).max()] = 0.0  # left out of the loss
    size = np.maximum(np.abs(columns) @ np.abs(written), 1e-6)
    near = np.abs(columns @ written - losses) <= tolerance * size
    return written.tolist() if rank == columns.shape[1] and bool(near.all()) else None


def _sums(points: Sequence[SeveralPoint]) -> Iterator[tuple[Part, ...]]:
    """Every output in one form, as far as there are any for it."""
    candidates = [list(_candidates(points, place)) for place in range(len(points[0].outputs))]

    def rest(free: tuple[int, ...]) -> Iterator[tuple[Part, ...]]:
        if not free:
            yield ()
            return
        fitting = [part for part in candidates[free[0]] if set(part.outputs) <= set(free)]
        for part in fitting:
            yield from ((part, *others) for others in rest(tuple(p for p in free if p not in part.outputs)))
        if not fitting:
            yield from rest(free[1:])

    return (parts for parts in rest(tuple(range(len(candidates)))) if parts)


def _candidates(points: Sequence[SeveralPoint], place: int) -> Iterator[Part]:
    """The forms that an output may be in, with the target at the same place first."""
    n_targets = len(points[0].targets)
    for target in sorted(range(n_targets), key=lambda at: at != min(place, n_targets - 1)):
        for word, form in loss_forms().items():
            if form.alone or not all(form.fits(p.outputs[place], p.targets[target]) for p in points):
                continue
            for options in form.options:
                pairs = ((p.outputs[place], p.targets[target]) for p in points)
                if not options.get("broadcast") or all(fits_broadcast(*pair) for pair in pairs):
                    yield from _means((place,), target, word, form, dict(options))
    for outputs in ((place,), *((place, other) for other in range(place + 1, len(points[0].outputs)))):
        for word, form in loss_forms().items():
            if form.alone and all(_fits_alone(form, [p.outputs[at] for at in outputs]) for p in points):
                yield from _means(outputs, None, word, form, {})


def _means(
    outputs: tuple[int, ...], target: int | None, word: str, form: Form, options: dict[str, float]
) -> Iterator[Part]:
    """As a mean; as a sum; with Huber's usual length."""
    options = {form.threshold: 1.0, **options} if form.threshold else options
    for over in ("mean", "sum"):
        yield Part(outputs, target, Meaning(word, options, over=over))


def _fits_alone(form: Form, outputs: Sequence[Array]) -> bool:
    if any(output.shape != outputs[0].shape or output.ndim != 2 for output in outputs):
        return False
    return form.fits(np.concatenate(outputs, -1), None)
