"""Whether data fits a task: as many arrays as it declares, of its shapes and kinds, with numbers that it knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from paragone.errors import InputError
from paragone.task.check import CheckedTask
from paragone.task.data.form import TEST
from paragone.task.data.source import Array
from paragone.task.data.targets import MAX_FLAT_CLASSES
from paragone.task.graph import Graph
from paragone.task.tensor import Tensor

_DTYPES = {"f": "floating numbers", "i": "whole numbers", "u": "whole numbers", "b": "truth values"}
_FITTING = {"float": "f", "int": "iu", "bool": "iub"}
"""Kinds of NumPy's dtypes, by what a task declares; truth values reach a side as zeros and ones."""
_REMEDIES = {
    "float": 'give floating numbers (x.astype("float32"), 1.0 in a table), or declare kind = "int"',
    "int": 'give whole numbers (x.astype("int64")), or declare kind = "float"',
    "bool": "give zeros and ones",
}


@dataclass(frozen=True)
class _Declared:
    """One input or target beside its array.

    Args:
        path: of its table in the task file.
        name: in the task.
        tensor: what is declared.
        array: name of the data's array.
        values: the training array.
        test: the test array.
    """

    path: str
    name: str
    tensor: Tensor
    array: str
    values: Array
    test: Array

    def lowest(self) -> int:
        """The least value."""
        return int(min(self.values.min(), self.test.min()))

    def highest(self) -> int:
        """The largest value."""
        return int(max(self.values.max(), self.test.max()))

    def words(self) -> str:
        """The array in words."""
        return f"{self.array} of shape {self.values.shape}, {_DTYPES[self.values.dtype.kind]}"


def check_fit(task: CheckedTask, arrays: Mapping[str, Array], where: str) -> None:
    """Compare what a task declares with the arrays of its data.

    Args:
        task: checked.
        arrays: of `LoadedData`.
        where: the task as errors name it.

    Raises:
        InputError: the field, what it declares, the array's shape or its values, and what to do.
    """
    parts = (
        ("x", "input", "model.inputs", task.graph.inputs),
        ("y", "target", "targets", task.targets),
    )
    for letter, what, path, declared in parts:
        _check_count(letter, what, declared, arrays, f"{where}: {path}")
    found = {
        one.name: one
        for letter, _, path, declared in parts
        for one in _paired(letter, declared, arrays, f"{where}: {path}")
    }
    for one in found.values():
        _check_shape(one)
        _check_kind(one)
    _check_tokens(task, found, where)
    _check_classes(task, found, where)


def _names(letter: str, arrays: Mapping[str, Array]) -> list[str]:
    return [name for name in arrays if name[0] == letter and not name.endswith(TEST)]


def _paired(letter: str, declared: Mapping[str, Tensor], arrays: Mapping[str, Array], path: str) -> Iterator[_Declared]:
    pairs = zip(declared.items(), _names(letter, arrays), strict=True)
    for index, ((name, tensor), array) in enumerate(pairs):
        yield _Declared(f"{path}[{index}]", name, tensor, array, arrays[array], arrays[array + TEST])


def _check_count(
    letter: str, what: str, declared: Mapping[str, Tensor], arrays: Mapping[str, Array], where: str
) -> None:
    names = _names(letter, arrays)
    if len(names) != len(declared):
        raise InputError(
            f"The task declares {_counted(len(declared), what)}, and its data has {len(names)}.",
            where=where,
            expected=f"an array for each of {', '.join(declared)}, in this order",
            received=", ".join(f"{name} of shape {arrays[name].shape}" for name in names),
            next_step=f"declare one {what} for each array {letter}0, {letter}1, … of the data, or change the data",
        )


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _check_shape(one: _Declared) -> None:
    sample = one.values.shape[1:]
    if sample == one.tensor.shape:
        return
    written = f"shape = {list(sample)}"
    size = int(np.prod(sample))
    again = f", or give {one.array} as (samples, {', '.join(map(str, one.tensor.shape))})" if one.tensor.shape else ""
    raise InputError(
        f"The data does not have the shape that '{one.name}' declares.",
        where=f"{one.path}.shape",
        expected=f"{one.tensor.words()} for each sample",
        received=f"{one.words()}: {Tensor(sample).words()} for each sample",
        next_step=f"write {written}{again if size == one.tensor.size else ''}",
    )


def _check_kind(one: _Declared) -> None:
    fits = one.values.dtype.kind in _FITTING[one.tensor.kind]
    if fits and (one.tensor.kind != "bool" or (one.lowest() >= 0 and one.highest() <= 1)):
        return
    values = f", from {one.lowest()} to {one.highest()}" if fits else ""
    raise InputError(
        f"The data is not of the kind that '{one.name}' declares.",
        where=f"{one.path}.kind",
        expected={"float": "floating numbers", "int": "whole numbers", "bool": "zeros and ones"}[one.tensor.kind],
        received=f"{one.words()}{values}",
        next_step=_counts(one) or _REMEDIES[one.tensor.kind],
    )


def _counts(one: _Declared) -> str:
    """Why a flat list of large whole numbers came as floating ones (`paragone.task.data.targets`)."""
    whole = one.array[0] == "y" and one.values.ndim == 1 and not np.mod(one.values, 1).any()
    if one.tensor.kind != "int" or not whole or one.highest() < MAX_FLAT_CLASSES:
        return ""
    return f'whole numbers from {MAX_FLAT_CLASSES} up are taken as values, not as classes: declare kind = "float"'


def _check_tokens(task: CheckedTask, found: Mapping[str, _Declared], where: str) -> None:
    """An embedding has a row for every whole number that reaches it."""
    places = {layer.name: index for index, layer in enumerate(task.task.model.layers)}
    for node in task.graph.nodes:
        rows = int(getattr(node.options, "vocabulary_size", 0))
        for name in _origins(task.graph, node.inputs[0]) if rows else ():
            lowest, highest = found[name].lowest(), found[name].highest()
            if lowest < 0 or highest >= rows:
                raise InputError(
                    f"The embedding '{node.name}' has no row for some numbers of '{name}'.",
                    where=f"{where}: model.layers[{places[node.name]}] ({node.name}).vocabulary_size",
                    expected=f"whole numbers from 0 to {rows - 1}, as vocabulary_size = {rows} says",
                    received=f"{found[name].words()}, from {lowest} to {highest}",
                    next_step=f"write vocabulary_size = {highest + 1}" if lowest >= 0 else "number them from 0",
                )


def _origins(graph: Graph, name: str) -> set[str]:
    """The model's inputs whose whole numbers a value is made of, through layers that only move them."""
    if name in graph.inputs:
        return {name}
    node = graph.node(name)
    return set().union(*(_origins(graph, one) for one in node.inputs)) if node.output.kind == "int" else set()


def _check_classes(task: CheckedTask, found: Mapping[str, _Declared], where: str) -> None:
    """A loss over classes has a number in the output for every class of the target."""
    for number, term in enumerate(task.terms):
        one = found.get(term.target)
        shape = task.graph.tensor(term.output).shape
        if one is None or one.tensor.kind != "int" or not shape:
            continue
        binary = one.tensor.shape == shape or shape[-1] == 1
        if binary and "binary" not in term.kind.name:
            continue
        classes = 2 if binary else shape[-1]
        values = np.unique(np.concatenate([np.unique(one.values), np.unique(one.test)]))
        ignored = getattr(term.options, "ignore_index", None)
        wrong = [int(value) for value in values if not 0 <= value < classes and value != ignored]
        if wrong:
            raise InputError(
                f"The data of '{term.target}' has classes that the output '{term.output}' has not.",
                where=f"{where}: loss[{number}].target",
                expected=f"whole numbers from 0 to {classes - 1}: '{term.output}' has {Tensor(shape).words()}",
                received=f"{one.words()}, from {values[0]} to {values[-1]}",
                next_step=_more_classes(term.output, wrong, binary=binary),
            )


def _more_classes(output: str, wrong: list[int], *, binary: bool) -> str:
    if binary or wrong[0] < 0:
        return "number the classes from 0"
    return f"give '{output}' {wrong[-1] + 1} numbers, one for each class, or number the classes from 0"
