"""Sources whose `load_data` is one function: it is called here, and its own text stands in the written sides."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path

from paragone.task.data.form import TEST
from paragone.task.data.source import Array, RawData, Source

FILES = Path(__file__).parent / "files"
"""Data files that come with Paragone."""

Part = tuple[Array, ...]
Parts = tuple[Part, Part]
Load = Callable[[], Parts]


def standalone(
    name: str, summary: str, load: Load, *, n_inputs: int = 1, views: tuple[str, ...] = (), file: str = ""
) -> Source:
    """A source with a training and a test set of its own.

    Args:
        name: how it is written on the command line.
        summary: one line about it.
        load: the function `load_data`; it needs nothing but NumPy and what it imports itself.
        n_inputs: how many of its arrays are inputs; the rest are targets.
        views: the forms in which `x` may be given to a side.
        file: of `FILES`, which a written side has beside itself; `load` calls it `Path(FILE)`.
    """
    return Source(
        name=name,
        summary=summary,
        accepts=lambda text: text == name,
        read=lambda _text: RawData(named(load(), n_inputs), views),
        script=lambda _text: _script(load, file),
        files=lambda _text: (FILES / file,) if file else (),
    )


def named(parts: Parts, n_inputs: int) -> dict[str, Array]:
    """The arrays that `load_data` returned, by their canonical names."""
    n_targets = len(parts[0]) - n_inputs
    names = [*_names("x", n_inputs), *_names("y", n_targets)]
    pairs = zip(("", TEST), parts, strict=True)
    return {key + suffix: array for suffix, part in pairs for key, array in zip(names, part, strict=True)}


def _names(letter: str, n: int) -> list[str]:
    return [letter] if n == 1 else [f"{letter}{index}" for index in range(n)]


def _script(load: Load, file: str) -> str:
    text = inspect.getsource(load).strip()
    beside = f'Path(__file__).with_name("{file}")'
    return text.replace("Path(FILE)", beside) if file else text
