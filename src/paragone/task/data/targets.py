"""What the targets mean: classes or values.

Whole numbers are classes. Exceptions: a flat list of whole numbers of which one reaches `MAX_FLAT_CLASSES` is taken as
values (a price, a count). Floating numbers are values, unless all are 0 or 1: then a row with one 1 is one-hot, and
anything else is a yes or a no for each element.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from paragone.errors import InputError
from paragone.task.data.form import TEST
from paragone.task.data.lazy import np
from paragone.task.data.source import Array

MAX_FLAT_CLASSES = 1000
Kind = Literal["classification", "regression"]


@dataclass(frozen=True)
class Targets:
    """The meaning of one target: `n_classes` is None for values."""

    kind: Kind
    n_classes: int | None = None


def meaning(y: Array, name: str, where: str) -> Targets:
    """What one target means; `y` holds all of its samples, for training and for testing.

    Raises:
        InputError: class labels that are negative.
    """
    if _is_one_hot(y):
        return Targets("classification", y.shape[1])
    if y.dtype.kind == "f":
        return Targets("classification", 2) if _is_binary(y) else Targets("regression")
    flat = y.ndim == 1 or y[0].size == 1
    if flat and int(y.max()) >= MAX_FLAT_CLASSES:
        return Targets("regression")
    check_labels(y, name=name, where=where)
    return Targets("classification", int(y.max()) + 1)


def typed_arrays(arrays: Mapping[str, Array], where: str) -> tuple[dict[str, Targets], dict[str, Array]]:
    """What the targets mean, and all arrays, the targets in the dtype that their meaning asks for.

    Raises:
        InputError: class labels that are negative.
    """
    targets = {}
    for name, array in arrays.items():
        if name.startswith("y") and not name.endswith(TEST):
            both = [array, arrays[name + TEST]] if name + TEST in arrays else [array]
            targets[name] = meaning(np.concatenate(both), name, where)
    return targets, {name: _typed(array, targets.get(name.removesuffix(TEST))) for name, array in arrays.items()}


def _typed(array: Array, targets: Targets | None) -> Array:
    return plain_targets(array, targets) if targets else array


def plain_targets(y: Array, targets: Targets) -> Array:
    """The target in the dtype that its meaning asks for: int64 labels, floating one-hot rows, yes or no, and values."""
    if y.dtype.kind == "f":
        return y
    if targets.kind == "classification" and not _is_one_hot(y):
        return y.astype(np.int64)
    return y.astype(np.float32 if targets.kind == "classification" else np.float64)


def check_labels(y: Array, *, name: str = "y", where: str = "", n_classes: int | None = None) -> None:
    """Check that class labels are whole, not negative, and below `n_classes` where that is known.

    Raises:
        InputError: names the first label that is wrong, and how many are.
    """
    wrong = (y < 0) | (np.mod(y, 1) != 0)
    if n_classes is not None:
        wrong |= y >= n_classes
    if not wrong.any():
        return
    first = tuple(int(index) for index in np.unravel_index(int(np.argmax(wrong)), y.shape))
    highest = f"to {n_classes - 1}" if n_classes is not None else "up"
    raise InputError(
        f"The labels in '{name}' are out of range.",
        where=where,
        expected=f"whole numbers from 0 {highest}, one a class",
        received=f"{int(wrong.sum())} of {y.size} wrong; the first is {y[first]} at {first}",
        next_step="number the classes from 0; to predict values instead, give them as floating numbers",
    )


def _is_binary(y: Array) -> bool:
    return bool(np.isin(y, (0, 1)).all())


def _is_one_hot(y: Array) -> bool:
    return y.ndim == 2 and y.shape[1] > 1 and _is_binary(y) and bool((y.sum(axis=1) == 1).all())
