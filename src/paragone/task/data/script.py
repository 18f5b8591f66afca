"""The code with which a written side reads its data, alone: a function `load_data` in NumPy, the same everywhere."""

from __future__ import annotations

from pathlib import Path

from paragone.task.data.find import find_source


def data_script(source: str) -> str:
    """The text of `load_data`, which returns the training and the test arrays, inputs before targets.

    Raises:
        InputError: there is no such source.
    """
    return find_source(source, "data.source").script(source)


def data_files(source: str) -> tuple[Path, ...]:
    """The files that `load_data` looks for beside the written side.

    Raises:
        InputError: there is no such source.
    """
    return find_source(source, "data.source").files(source)
