"""The text of `load_data` for data of the user: how it is read, in which dtypes, and how it is split."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from paragone.task.data.form import TEST, check_form
from paragone.task.data.lazy import np
from paragone.task.data.source import Array
from paragone.task.data.split import TEST_SHARE
from paragone.task.data.targets import typed_arrays

BESIDE = ("from pathlib import Path", "")
"""Statements before `beside`."""
_ON_A_LINE = 3
"""Arrays of each part, up to which one line has them all."""
_HEAD = "def load_data() -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:"


def dtypes(arrays: Mapping[str, Array], where: str) -> dict[str, str]:
    """The canonical names of a source's arrays, and what a side takes each as, such as `np.float32`.

    Raises:
        InputError: the arrays cannot be used as data.
    """
    _, typed = typed_arrays(check_form(arrays, where)[0], where)
    return {name: f"np.{'float32' if array.dtype == np.float64 else array.dtype}" for name, array in typed.items()}


def load_text(about: str, reading: Sequence[str], names: Sequence[str]) -> str:
    """A function `load_data`.

    Args:
        about: what the data is, for the docstring.
        reading: statements after which there is a variable of each name.
        names: of the arrays, canonical.
    """
    train = [name for name in names if not name.endswith(TEST)]
    own = len(names) > len(train)
    said = f"{about}." if own else f"{about}; the last fifth of a shuffle is for testing."
    lines = [f'"""{_plain(said)}"""', *reading, *([] if own else _split(train[0]))]
    if own:
        parts = [train, [name + TEST for name in train]]
    else:
        parts = [[f"{name}[{part}]" for name in train] for part in ("train", "test")]
    tuples = [f"({', '.join(part)})" for part in parts]
    lines += (
        ["return (", *(f"    {one}," for one in tuples), ")"]
        if len(train) > _ON_A_LINE
        else [f"return {', '.join(tuples)}"]
    )
    return "\n".join([_HEAD, *(f"    {line}" for line in lines)])


def _split(first: str) -> list[str]:
    """The statements of `paragone.task.data.split` with seed 0."""
    return [
        f"order = np.random.default_rng(0).permutation(len({first}))",
        f"n_test = len(order) // {TEST_SHARE}",
        "train, test = order[:-n_test], order[-n_test:]",
    ]


def quoted(text: str) -> str:
    """A text as a Python literal."""
    return json.dumps(text, ensure_ascii=False)


def beside(text: str) -> str:
    """The file of this name beside the written side, as an expression; `BESIDE` must stand before it."""
    return f"Path(__file__).with_name({quoted(file_name(text))})"


def file_name(text: str) -> str:
    """The name of a file without its folder."""
    return Path(text).name


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("\\", "/").replace('"', "'")
