"""`length=16..256`: the positions of a task's sequences, in its data and in what it learns of every position.

The data is cut, or repeated along the sequence where it is too short: the times are those of sequences of that length,
and nothing is learned from them that anyone looks at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from paragone.errors import InputError
from paragone.measure.sweep.axes.base import Arrays, Axis, Setting, task_of
from paragone.task.schema import Input, Target, Task

Shaped = TypeVar("Shaped", Input, Target)


def at(setting: Setting, text: str, size: int) -> Setting:
    """Sequences of so many positions."""
    task = task_of(setting, text)
    now = length_of(task)
    inputs = tuple(_resized(one, now, size) for one in task.model.inputs)
    targets = tuple(_resized(one, now, size) for one in task.targets)
    changed = task.model_copy(update={"model": task.model.model_copy(update={"inputs": inputs}), "targets": targets})
    return replace(setting, task=changed, arrays=_data(task, setting.arrays, now, size))


def length_of(task: Task) -> int:
    """How long the task's sequences are; other inputs may stand beside them.

    Raises:
        InputError: no input is a sequence, or two are not equally long.
    """
    lengths = {one.shape[0] for one in task.model.inputs if _is_sequence(one)}
    if len(lengths) != 1:
        raise InputError(
            "This task has no sequences of one length.",
            where="--sweep length",
            expected="an input of shape (time) in whole numbers, or (time, feature); several equally long",
            received=", ".join(f"{one.name} of shape {tuple(one.shape)}" for one in task.model.inputs),
            next_step="sweep batch, or a number of a layer such as hidden.units",
        )
    return lengths.pop()


def _is_sequence(one: Input) -> bool:
    return len(one.shape) == 2 or (len(one.shape) == 1 and one.kind == "int")


def _resized(one: Shaped, now: int, size: int) -> Shaped:
    """With another first axis, where it has the sequence's."""
    return one.model_copy(update={"shape": (size, *one.shape[1:])}) if one.shape[:1] == (now,) else one


def _data(task: Task, arrays: Arrays, now: int, size: int) -> dict[str, np.ndarray[Any, Any]]:
    inputs = _named("x", [one.shape for one in task.model.inputs])
    targets = _named("y", [one.shape for one in task.targets])
    along = {name for name, shape in (inputs | targets).items() if shape[:1] == (now,)}
    places = np.arange(size) % now
    return {
        name: np.ascontiguousarray(array[:, places]) if name.removesuffix("_test") in along else array
        for name, array in arrays.items()
    }


def _named(letter: str, shapes: Sequence[tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    """Shapes by the names of the data's arrays: `x` alone, or `x0` and so on."""
    if len(shapes) == 1:
        return {letter: shapes[0]}
    return {f"{letter}{place}": shape for place, shape in enumerate(shapes)}


AXIS = Axis(
    form="length",
    takes=re.compile(r"length"),
    at=at,
    called=lambda _: "length of a sequence",
    counted=lambda _: "position",
    place=3,
    of_task=True,
)
