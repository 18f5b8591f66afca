"""Writes the patch of a proof to a file, and says what it does and what it leaves."""

from __future__ import annotations

from pathlib import Path

from paragone.errors import InputError
from paragone.records import Run
from paragone.trials import write_whole


def save_patch(run: Run, path: Path) -> list[str]:
    """Write the diff, also an empty one, so that an old file never stands for it; gives the lines to say.

    Raises:
        InputError: the file cannot be written.
    """
    patch = run.proof.patch if run.proof else None
    try:
        write_whole(path, (patch.diff if patch else "").encode())
    except OSError as error:
        raise InputError(
            "The patch cannot be written.",
            where=f"--patch {path}",
            expected="a file in a folder that can be written to",
            received=error.strerror or str(error),
            next_step="choose another file",
        ) from error
    if patch is None:
        return ["There is nothing to patch: no cause was found."]
    lines = [f"{path} takes out {len(patch.fixed)} of {len(patch.fixed) + len(patch.left)} causes."]
    if patch.diff:
        lines.append(f"Apply it where {' and '.join(patch.files)} {_are(patch.files)}: patch -p1 < {path.name}")
    return [*lines, *(f"Not in it: {one}" for one in patch.left)]


def _are(files: tuple[str, ...]) -> str:
    return "is" if len(files) == 1 else "are"
