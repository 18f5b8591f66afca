"""Writes the patch of a proof to a file, and says what it does and what it leaves."""

from __future__ import annotations

import os
from pathlib import Path

from paragone.errors import InputError
from paragone.records import Run
from paragone.trials import write_whole


def check_place(path: Path) -> None:
    """Refuse a file that cannot be written, before minutes are spent on the proof.

    Raises:
        InputError: its folder is not there or cannot be written to, or it is a folder itself.
    """
    folder = path.parent
    if path.is_dir():
        raise _unwritable(path, "a folder")
    if not folder.is_dir():
        raise _unwritable(path, f"no folder {folder}")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _unwritable(path, f"a folder that cannot be written to: {folder}")


def save_patch(run: Run, path: Path) -> list[str]:
    """Write the diff, also an empty one, so that an old file never stands for it; gives the lines to say.

    Raises:
        InputError: the file cannot be written.
    """
    patch = run.proof.patch if run.proof else None
    try:
        write_whole(path, (patch.diff if patch else "").encode())
    except OSError as error:
        raise _unwritable(path, error.strerror or str(error)) from error
    if patch is None:
        return ["There is nothing to patch: no cause was found."]
    lines = [f"{path} takes out {len(patch.fixed)} of {len(patch.fixed) + len(patch.left)} causes."]
    if patch.diff:
        lines.append(f"Apply it where {' and '.join(patch.files)} {_are(patch.files)}: patch -p1 < {path.name}")
    return [*lines, *(f"Not in it: {one}" for one in patch.left)]


def _unwritable(path: Path, received: str) -> InputError:
    return InputError(
        "The patch cannot be written.",
        where=f"--patch {path}",
        expected="a file in a folder that can be written to",
        received=received,
        next_step="choose another file",
    )


def _are(files: tuple[str, ...]) -> str:
    return "is" if len(files) == 1 else "are"
