"""What `paragone show` and `paragone tasks` print: the sides of a task next to each other, and what tasks there are."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from paragone.errors import InputError
from paragone.frameworks.registry import frameworks
from paragone.sides.write.write import write_side
from paragone.spelling.site import Fidelity
from paragone.task.check import CheckedTask, check_task
from paragone.task.data.script import data_files
from paragone.task.read import read_task, ready_tasks
from paragone.task.words import look_up

if TYPE_CHECKING:
    from rich.console import Console

SIDE_BY_SIDE_COLUMNS = 60
"""A side needs at least so many columns to stand beside others."""


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ShownSide(_Shown):
    """A written side, as `paragone show --json` prints it."""

    framework: str
    file: str
    code: str


class ShownTask(_Shown):
    """A task and its sides; `source` is where its data comes from."""

    task: str
    title: str
    fidelity: str
    sides: tuple[ShownSide, ...]
    source: str = ""


class TaskLine(_Shown):
    """One ready task."""

    name: str
    title: str
    inputs: dict[str, tuple[int, ...]]
    outputs: dict[str, tuple[int, ...]]
    n_layers: int
    n_parameters: int


class TaskList(_Shown):
    """All ready tasks."""

    tasks: tuple[TaskLine, ...]


@dataclass(frozen=True)
class Wish:
    """What is to be shown.

    Args:
        task: name of a ready task, or its file.
        fidelity: `plain` or `matched`.
        only: ids of frameworks; all that can be written where it is empty.
    """

    task: str
    fidelity: Fidelity
    only: tuple[str, ...] = ()


def shown_task(wish: Wish) -> ShownTask:
    """Write the sides of a task; no framework needs to be installed for it.

    Raises:
        InputError: the task cannot be read or written.
    """
    task = check_task(read_task(wish.task), Path(wish.task).name)
    table = {name: item for name, item in frameworks().items() if item.recipe}
    chosen = [look_up(table, name, "framework", "--framework") for name in wish.only] or list(table.values())
    with ThreadPoolExecutor(len(chosen)) as pool:  # the formatter is a process of its own
        written = list(pool.map(lambda item: write_side(task, item.id, wish.fidelity), chosen))
    sides = tuple(
        ShownSide(framework=item.id, file=item.side_file, code=side.text)
        for item, side in zip(chosen, written, strict=True)
    )
    return ShownTask(
        task=task.task.name, title=task.task.title, fidelity=wish.fidelity, sides=sides, source=task.task.data.source
    )


def save(shown: ShownTask, folder: Path) -> list[Path]:
    """Write the sides' files, and those that their `load_data` looks for beside them.

    Raises:
        InputError: the folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for side in shown.sides:
            (folder / side.file).write_text(side.code, encoding="utf-8")
        for path in data_files(shown.source):
            if path.resolve() != (folder / path.name).resolve():
                shutil.copyfile(path, folder / path.name)
    except OSError as error:
        raise InputError(
            "The sides cannot be written.",
            where=f"--out {folder}",
            expected="a folder that can be written to",
            received=error.strerror or str(error),
        ) from error
    return [folder / side.file for side in shown.sides]


def printed(shown: ShownTask) -> str:
    """The sides one after the other, for a file or another program."""
    return "\n".join(f"# {side.file}\n{side.code}" for side in shown.sides)


def render(shown: ShownTask, console: Console) -> None:
    """Show the sides in a terminal: next to each other where it is wide enough, else one after the other."""
    from rich.panel import Panel
    from rich.syntax import Syntax
    from rich.table import Table

    wide = console.width >= SIDE_BY_SIDE_COLUMNS * len(shown.sides)
    codes = [Syntax(side.code, "python", word_wrap=wide, background_color="default") for side in shown.sides]
    if wide:
        table = Table.grid(expand=True)
        for _ in codes:
            table.add_column(ratio=1)
        table.add_row(*(Panel(code, title=side.file) for side, code in zip(shown.sides, codes, strict=True)))
        console.print(table)
        return
    for side, code in zip(shown.sides, codes, strict=True):
        console.print(f"# {side.file}", style="bold", markup=False, highlight=False)
        console.print(code, soft_wrap=True)


def task_list() -> TaskList:
    """Every ready task, checked."""
    return TaskList(tasks=tuple(_line(name) for name in ready_tasks()))


def _line(name: str) -> TaskLine:
    task: CheckedTask = check_task(read_task(name), name)
    graph = task.graph
    weights = [weight for node in graph.nodes for weight in node.weights if weight.trainable]
    return TaskLine(
        name=name,
        title=task.task.title,
        inputs={key: tensor.shape for key, tensor in graph.inputs.items()},
        outputs={key: graph.tensor(key).shape for key in graph.outputs},
        n_layers=len(graph.nodes),
        n_parameters=sum(_size(weight.shape) for weight in weights),
    )


def _size(shape: Sequence[int]) -> int:
    total = 1
    for axis in shape:
        total *= axis
    return total


def render_tasks(tasks: TaskList, console: Console) -> None:
    """Print the ready tasks, a line each."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("task", "what is learned", "in", "out"):
        table.add_column(title)
    table.add_column("parameters", justify="right")
    for one in tasks.tasks:
        shapes = [", ".join(_words(shape) for shape in part.values()) for part in (one.inputs, one.outputs)]
        table.add_row(one.name, one.title, *shapes, f"{one.n_parameters:,}")
    console.print(table)


def _words(shape: Sequence[int]) -> str:
    return "×".join(map(str, shape)) or "1"
