"""Read a task: one of the ready ones by its name, or a TOML file."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import ValidationError

from paragone.errors import InputError
from paragone.task.schema import Data, Task
from paragone.task.words import bad_field, did_you_mean, short

MAX_BYTES = 2**20
ZOO = Path(__file__).parent / "zoo"
SUFFIX = ".toml"
_SHOWN = 200


def ready_tasks() -> dict[str, Path]:
    """The files of the ready tasks by their names."""
    return {path.stem: path for path in sorted(ZOO.glob(f"*{SUFFIX}"))}


def is_ready(argument: str) -> bool:
    """Whether this is the name of a ready task."""
    return argument in ready_tasks()


def is_task(argument: str) -> bool:
    """Whether an argument of the command line names a task, and no side."""
    return argument.lower().endswith(SUFFIX) or is_ready(argument)


def read_task(argument: str) -> Task:
    """A task by the name of a ready one or by its file.

    Raises:
        InputError: there is none, or the file cannot be read as a task.
    """
    ready = ready_tasks()
    if argument in ready:
        return _parsed(ready[argument].read_bytes(), ready[argument].name, argument)
    path = Path(argument)
    if not argument.lower().endswith(SUFFIX) and not path.exists():
        raise InputError(
            f"There is no task '{short(argument)}'.",
            where="TASK",
            expected=f"a {SUFFIX} file, or one of {', '.join(ready)}",
            received=short(argument),
            next_step=did_you_mean(argument, ready) or "paragone tasks lists the ready ones",
        )
    return _beside(path, _parsed(_bytes(path), path.name, path.stem))


def _beside(path: Path, task: Task) -> Task:
    """A file of data, or one with a function that gives it, is looked for beside the task's own file."""
    data = str(path.parent / task.data.source)
    file, colon, _ = data.rpartition(".py:")
    try:
        there = Path(data).is_file() or (bool(colon) and Path(f"{file}.py").is_file())
    except (OSError, ValueError):  # too long, or not the name of a file at all
        there = False
    return task.model_copy(update={"data": Data(source=data)}) if there else task


def _bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            what = "a folder" if path.is_dir() else "no file"
            raise InputError(f"There is no task file {path.name}.", where=path.name, expected="a file", received=what)
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise InputError(
                f"{path.name} is too large for a task.",
                where=path.name,
                expected=f"at most {MAX_BYTES} bytes",
                received=f"{size} bytes",
                next_step="keep data in a file of its own and name it in data.source",
            )
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{path.name} cannot be read.", where=path.name, received=error.strerror or str(error)
        ) from error


def _parsed(content: bytes, shown: str, name: str) -> Task:
    try:
        table = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(
            f"{shown} is not UTF-8.", where=f"{shown}: byte {error.start}", expected="a text in UTF-8"
        ) from None
    except ValueError as error:  # a TOMLDecodeError, or a number with too many digits
        received = str(error)[:_SHOWN]
        raise InputError(f"{shown} is not TOML.", where=shown, expected="a TOML file", received=received) from None
    except RecursionError:
        raise InputError(f"{shown} is nested too deeply.", where=shown, expected="a task") from None
    return parse_task({"name": name, **table}, shown)


def parse_task(table: dict[str, object], shown: str = "task") -> Task:
    """A task from a table, as TOML gives it.

    Raises:
        InputError: the path of the field at fault, what was expected, what stands there.
    """
    try:
        return Task.model_validate(table)
    except ValidationError as error:
        raise bad_field(error, f"{shown}: ", "The task", Task) from None
