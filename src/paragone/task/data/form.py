"""The form that data must have: which arrays there are, and that they fit together.

Inputs are `x` (several: `x0`, `x1`, …), targets `y` (`y0`, `y1`, …); a test set of its own is `x_test` and `y_test`
(`x0_test`, …). Every array has the samples first. Images are NHWC, sequences (batch, time, feature).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from paragone.errors import InputError
from paragone.task.data.lazy import np
from paragone.task.data.source import Array, check_size

TEST = "_test"
_NAME = re.compile(r"([xy])(\d*)(_test|_train)?")
_NUMBER_KINDS = "fiub"
_HELP = "give x and y (several: x0, x1, … and y0, y1, …), and x_test and y_test if there is a test set"


def check_form(arrays: Mapping[str, Array], where: str) -> tuple[dict[str, Array], tuple[str, ...]]:
    """The arrays by their canonical names, checked, and the names that were not used.

    Raises:
        InputError: names, shapes, lengths, dtypes or values that cannot be used.
    """
    named, unused = _canonical(arrays, where)
    _check_names(named, arrays, where)
    for name, array in named.items():
        _check_array(name, array, where)
    check_size(sum(array.nbytes for array in named.values()), where)
    train = {name: array for name, array in named.items() if not name.endswith(TEST)}
    test = {name: array for name, array in named.items() if name.endswith(TEST)}
    for group in (train, test):
        _check_lengths(group, where)
    for name, array in test.items():
        _check_same_sample(name.removesuffix(TEST), train, array, where)
    for name, array in named.items():
        _check_finite(name, array, where)
    return {name: _plain_dtype(array) for name, array in named.items()}, unused


def _canonical(arrays: Mapping[str, Array], where: str) -> tuple[dict[str, Array], tuple[str, ...]]:
    named: dict[str, Array] = {}
    unused: list[str] = []
    for name in sorted(arrays, key=_natural):
        match = _NAME.fullmatch(name)
        if not match:
            unused.append(name)
            continue
        canonical = match[1] + match[2] + (TEST if match[3] == TEST else "")
        if canonical in named:
            raise _bad_names(f"both '{canonical}' and '{name}'", where)
        named[canonical] = arrays[name]
    return named, tuple(unused)


def _natural(name: str) -> tuple[bool, str, int, str]:
    match = _NAME.fullmatch(name)
    return (name.endswith(TEST), match[1], int(match[2] or 0), name) if match else (False, name, 0, name)


def _check_names(named: Mapping[str, Array], given: Mapping[str, Array], where: str) -> None:
    for letter, meaning in (("x", "inputs"), ("y", "targets")):
        numbers = [name[1:] for name in named if name[0] == letter and not name.endswith(TEST)]
        if not numbers:
            raise _bad_names(f"no {meaning}; the arrays are called {', '.join(given) or 'nothing'}", where)
        if numbers != [""] and numbers != [str(index) for index in range(len(numbers))]:
            raise _bad_names(", ".join(letter + number for number in numbers), where)
    train = {name for name in named if not name.endswith(TEST)}
    test = {name.removesuffix(TEST) for name in named if name.endswith(TEST)}
    if test and test != train:
        lonely = sorted(test ^ train)[0]
        raise _bad_names(f"{lonely} without {lonely + TEST}" if lonely in train else f"{lonely + TEST} alone", where)


def _bad_names(received: str, where: str) -> InputError:
    return InputError(
        "The names of the data's arrays are not understood.",
        where=where,
        expected="x and y",
        received=received,
        next_step=_HELP,
    )


def _check_array(name: str, array: Array, where: str) -> None:
    if array.dtype.kind not in _NUMBER_KINDS:
        raise InputError(
            f"The array '{name}' does not hold numbers.",
            where=where,
            expected="floating or whole numbers, or booleans",
            received=f"dtype {array.dtype}",
        )
    if array.ndim == 0:
        raise InputError(
            f"'{name}' is a single number.", where=where, expected="an array, samples first", received=str(array)
        )
    if array.size == 0:
        raise InputError(
            f"The array '{name}' is empty.", where=where, expected="samples", received=f"shape {array.shape}"
        )


def _check_lengths(group: Mapping[str, Array], where: str) -> None:
    lengths = {name: len(array) for name, array in group.items()}
    if len(set(lengths.values())) > 1:
        raise InputError(
            "The arrays of the data differ in length.",
            where=where,
            expected="as many targets as inputs: the first axis counts the samples",
            received=", ".join(f"{name} has {length}" for name, length in lengths.items()),
        )


def _check_same_sample(name: str, train: Mapping[str, Array], test: Array, where: str) -> None:
    if train[name].shape[1:] != test.shape[1:]:
        raise InputError(
            f"The samples of '{name}' and '{name}{TEST}' differ in shape.",
            where=where,
            expected=f"{train[name].shape[1:]}, as in {name}",
            received=f"{test.shape[1:]} in {name}{TEST}",
        )


def _check_finite(name: str, array: Array, where: str) -> None:
    finite = np.isfinite(array)
    if finite.all():
        return
    first = tuple(int(index) for index in np.unravel_index(int(np.argmin(finite)), array.shape))
    raise InputError(
        f"The array '{name}' holds values that are not finite.",
        where=where,
        expected="finite numbers",
        received=f"{int(array.size - finite.sum())} of {array.size}; the first is {array[first]} at {first}",
        next_step="fill or drop these samples",
    )


def _plain_dtype(array: Array) -> Array:
    """Floats as float32 (or float64 where they are wider), whole numbers as int32 (int64 where they need it)."""
    if array.dtype.kind == "f":
        return array.astype(np.float32 if array.dtype.itemsize <= np.dtype(np.float32).itemsize else np.float64)
    fits = np.iinfo(np.int32).min <= int(array.min()) and int(array.max()) <= np.iinfo(np.int32).max
    return array.astype(np.int32 if fits else np.int64)
