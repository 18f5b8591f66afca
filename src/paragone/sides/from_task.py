"""The sides of a task: written in every framework that is installed, as files of a run."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from paragone.errors import InputError
from paragone.frameworks.descriptor import Descriptor
from paragone.frameworks.registry import frameworks
from paragone.sides.scan import SideFile
from paragone.sides.write.recipe import WrittenSide
from paragone.sides.write.write import write_side
from paragone.spelling.site import Fidelity
from paragone.task.check import CheckedTask, check_task
from paragone.task.read import read_task


@dataclass(frozen=True)
class TaskSides:
    """A task and its sides.

    Args:
        task: checked.
        sides: one for each framework that is installed and can be written.
        data: where the data is, as `--data` takes it.
        absent: what was not written, and why.
    """

    task: CheckedTask
    sides: tuple[SideFile, ...]
    data: str
    absent: tuple[str, ...]


def task_sides(argument: str, fidelity: Fidelity, folder: Path, *, least: int = 2) -> TaskSides:
    """Read a task and write it in every framework that is installed.

    Args:
        argument: name of a ready task, or its file.
        fidelity: `plain` or `matched`.
        folder: where the files will stand; they are not put there yet.
        least: how many sides are needed.

    Raises:
        InputError: the task cannot be read or written, or fewer frameworks are installed than are needed.
    """
    task = check_task(read_task(argument), Path(argument).name)
    sides = written_sides(task, fidelity, folder)
    absent = tuple(
        f"{item.title} was not run here: {missing(item)} is missing; {item.install}"
        for item in frameworks().values()
        if missing(item)
    )
    if len(sides) < least:
        raise InputError(
            "A task needs two frameworks, to be compared.",
            where=argument,
            expected="two installed frameworks or more",
            received=", ".join(frameworks()[side.framework].title for side in sides) or "none",
            next_step="; ".join(item.install for item in frameworks().values() if missing(item)),
        )
    return TaskSides(task, sides, task.task.data.source, absent)


def written_sides(task: CheckedTask, fidelity: Fidelity, folder: Path) -> tuple[SideFile, ...]:
    """A task as a side of every framework that is installed; the files are not put into the folder yet."""
    present = [item for item in frameworks().values() if item.recipe and not missing(item)]
    return tuple(_side_file(item, write_side(task, item.id, fidelity), folder) for item in present)


def missing(descriptor: Descriptor) -> str:
    """A package of the framework that is not installed; empty if there is none."""
    for name in descriptor.distributions:
        try:
            version(name)
        except PackageNotFoundError:
            return name
    return ""


def write_files(sides: Sequence[SideFile]) -> None:
    """Put written sides where their paths say."""
    for side in sides:
        side.path.parent.mkdir(parents=True, exist_ok=True)
        side.path.write_text(side.code, encoding="utf-8")


def _side_file(descriptor: Descriptor, written: WrittenSide, folder: Path) -> SideFile:
    return SideFile(
        name=descriptor.id,
        path=folder / descriptor.side_file,
        shown=descriptor.side_file,
        selector="",
        framework=descriptor.id,
        code=written.text,
        sha256=hashlib.sha256(written.text.encode()).hexdigest(),
        preload=(),
        weight_map=written.weights.model_dump_json(),
    )
