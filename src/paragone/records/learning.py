"""The record of what there is to learn: concepts, edits and tracebacks, counted from code that ran."""

from __future__ import annotations

from typing import Literal

from paragone.records.base import Record
from paragone.records.task import Machine


class LearnedSide(Record):
    """What one side of a ready task asks of a beginner.

    Args:
        framework: its id.
        sha256: of the side as it was written.
        n_lines: lines that hold a token; comments and docstrings are not counted.
        n_tokens: tokens without comments, docstrings and layout.
        concepts: names of the framework that it uses, and what the framework asks of the language, in order.
        n_concepts: how many.
        n_new: how many of them no task before it used.
        n_so_far: how many one has met with this task done.
    """

    framework: str
    sha256: str
    n_lines: int
    n_tokens: int
    concepts: tuple[str, ...]
    n_concepts: int
    n_new: int
    n_so_far: int


class LearnedTask(Record):
    """A ready task, in its place in the course."""

    task: str
    sides: tuple[LearnedSide, ...]


class EditedSide(Record):
    """What a change of requirement costs in one framework.

    Args:
        framework: its id.
        source: where its documentation shows it; empty where Paragone wrote both sides from the task.
        n_lines: lines of code that go or come.
        n_tokens: tokens that go or come.
    """

    framework: str
    source: str = ""
    n_lines: int
    n_tokens: int


class Edit(Record):
    """A typical change of requirement."""

    name: str
    title: str
    sides: tuple[EditedSide, ...]


class Told(Record):
    """What became of a mistake in one framework.

    Args:
        framework: its id.
        outcome: error: the program ended with one. warning: it ran to its end and warned. nothing: it ran to its end.
            cannot be made: the framework leaves no room for the mistake.
        error: the kind of the exception.
        n_lines: lines of the traceback, as Python prints it.
        n_frames: frames in it, those of exceptions that led to it as well.
        shows_line: a frame stands on a line that the mistake changed.
        names_quantities: the message has every quantity of the mistake.
        message: its first letters.
        why: of one that cannot be made.
    """

    framework: str
    outcome: Literal["error", "warning", "nothing", "cannot be made"]
    error: str = ""
    n_lines: int = 0
    n_frames: int = 0
    shows_line: bool = False
    names_quantities: bool = False
    message: str = ""
    why: str = ""


class Mistake(Record):
    """A mistake that beginners make, planted in each framework's side; `study` is where it was counted."""

    name: str
    title: str
    study: str
    sides: tuple[Told, ...]


class Learning(Record):
    """All of it, with the day, and the machine with the versions."""

    created: str
    machine: Machine
    tasks: tuple[LearnedTask, ...]
    edits: tuple[Edit, ...]
    mistakes: tuple[Mistake, ...]
