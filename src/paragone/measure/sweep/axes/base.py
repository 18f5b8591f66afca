"""What an axis of a sweep is: it says how a setting becomes that of a size."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from paragone.errors import InputError
from paragone.task.schema import Task

Arrays = Mapping[str, np.ndarray[Any, Any]]


@dataclass(frozen=True)
class Setting:
    """All that a size may change.

    Args:
        batch_size: samples a step.
        threads: CPU threads of each framework; 0 leaves its default.
        task: that the sides are written from; None where they are files.
        arrays: the data's, by name.
    """

    batch_size: int
    threads: int
    task: Task | None
    arrays: Arrays


@dataclass(frozen=True)
class Axis:
    """One thing that can be swept.

    Args:
        form: how it is written on the command line, before `=`.
        takes: which texts are this axis.
        at: the setting at a size; it is given the text and the size.
        called: what it is in words, made from the text: `batch size`.
        counted: one unit of it: `sample`.
        place: where it comes among the axes.
        line: whether time can be expected to grow along a straight line.
        of_task: whether only a task has it.
    """

    form: str
    takes: re.Pattern[str]
    at: Callable[[Setting, str, int], Setting]
    called: Callable[[str], str]
    counted: Callable[[str], str]
    place: int
    line: bool = True
    of_task: bool = False


def task_of(setting: Setting, text: str) -> Task:
    """The task, which only a side that was written from one has.

    Raises:
        InputError: the sides are files.
    """
    if setting.task is None:
        raise InputError(
            f"{text} is a number of a task, and these sides are files.",
            where="--sweep",
            expected="batch or threads for files; a number of a layer for a task",
            received=text,
            next_step="give a task (paragone tasks lists the ready ones), or sweep batch",
        )
    return setting.task
