"""What a source of data is, and what several of them share: a file that exists and is not too big."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paragone.errors import InputError

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]
else:
    Array = Any

MAX_BYTES = 2 * 2**30
_SHOWN = 60


@dataclass(frozen=True)
class RawData:
    """Arrays as a source gives them, not yet checked.

    Args:
        arrays: by name: `x`, `y`, `x0`, `x_test`, …
        views: the forms in which the source declares that `x` may be given to a side.
        notice: what a person should know about the reading.
    """

    arrays: dict[str, Array]
    views: tuple[str, ...] = ()
    notice: str = ""


def no_script(text: str) -> str:
    """For a source that a written side cannot read by itself.

    Raises:
        InputError: always.
    """
    raise InputError(
        "A side cannot be written for this data.",
        where="data.source",
        expected="a source that a file can read alone",
        received=text,
    )


@dataclass(frozen=True)
class Source:
    """One way to name data on the command line.

    Args:
        name: how it is written: `digits`, `FILE.csv`.
        summary: one line about it.
        accepts: whether a text names this source.
        read: reads what the text names; raises `InputError`.
        script: the text of a function `load_data()` that reads the same in a written side, which stands alone. It
            returns the training and the test arrays, inputs before targets, and imports what it needs but NumPy.
        files: that `load_data` looks for beside the written side of what the text names.
    """

    name: str
    summary: str
    accepts: Callable[[str], bool]
    read: Callable[[str], RawData]
    script: Callable[[str], str] = no_script
    files: Callable[[str], tuple[Path, ...]] = lambda _text: ()


def has_suffix(suffix: str) -> Callable[[str], bool]:
    """A test for file names that end in `suffix`, in small or capital letters."""
    return lambda text: text.lower().endswith(suffix)


def existing_file(text: str) -> Path:
    """The file of this name, which is there and not too big to be read.

    Raises:
        InputError: there is none, it cannot be opened, it is empty or too big.
    """
    try:
        path = Path(text).expanduser()
        there = path.is_file()
    except (OSError, ValueError, RuntimeError) as error:  # too long, or not the name of a file at all
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
        raise InputError("This is no name of a file.", where="data", received=f"{shown!r}: {error!s:.40}") from None
    if not there:
        raise _no_such_file(path)
    try:
        with path.open("rb"):
            size_bytes = path.stat().st_size
    except OSError as error:
        raise InputError(
            "The data file cannot be opened.", where=str(path), received=error.strerror or str(error)
        ) from error
    if size_bytes == 0:
        raise InputError("The data file is empty.", where=str(path), expected="data", received="0 bytes")
    check_size(size_bytes, str(path))
    return path


def the_file(text: str) -> tuple[Path, ...]:
    """The file that a text names, for `Source.files`."""
    return (existing_file(text),)


def check_size(size_bytes: int, where: str) -> None:
    """Refuse data that would not fit; called before it is read."""
    if size_bytes > MAX_BYTES:
        raise InputError(
            "The data is too big.",
            where=where,
            expected=f"at most {MAX_BYTES / 2**30:.0f} GiB of arrays",
            received=f"{size_bytes / 2**30:.1f} GiB",
            next_step="give a part of it: the proof and the timing need some thousand samples",
        )


def _no_such_file(path: Path) -> InputError:
    if path.is_dir():
        return InputError("The data is a folder.", where=str(path), expected="a file", received="a folder")
    beside = [other.name for other in path.parent.iterdir()] if path.parent.is_dir() else []
    near = difflib.get_close_matches(path.name, beside, n=1)
    return InputError(
        "There is no such data file.",
        where=str(path),
        expected="an existing file",
        received="no file of this name",
        next_step=f"did you mean {path.with_name(near[0])}?" if near else "check the name and the folder",
    )
