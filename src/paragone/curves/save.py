"""Where the event files of a run lie: a folder a run, and in it one for each line."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from paragone.curves.event_file import Scalar, event_file
from paragone.curves.series import points
from paragone.errors import InputError
from paragone.records import Run
from paragone.trials import write_whole

OPTION = "--tensorboard"
_LONGEST_NAME = 80


def check_place(folder: Path) -> None:
    """Refuse a folder that cannot be written to, before any work is done.

    Raises:
        InputError: says why.
    """
    above = next((one for one in (folder, *folder.absolute().parents) if one.exists()), Path("/"))
    if not above.is_dir():
        raise _unusable(folder, f"{above.name} is a file")
    if not os.access(above, os.W_OK | os.X_OK):
        raise _unusable(folder, "a place that cannot be written to")


def save_curves(run: Run, folder: Path) -> Path:
    """Write the curves of a run below `folder`, for `tensorboard --logdir folder`; its own folder there.

    The folder is named after the run and the moment it was made, so that runs lie beside each other; the same record
    gives the same files.

    Raises:
        InputError: they cannot be written.
    """
    made = datetime.fromisoformat(run.created)
    own = folder / f"{plain(run.name)}-{made:%Y%m%d-%H%M%S}"
    lines: dict[str, list[Scalar]] = {}
    for line, point in points(run):
        lines.setdefault(line, []).append(point)
    try:
        own.mkdir(parents=True, exist_ok=True)
        for line, name in _named(lines):
            place = own / name
            place.mkdir(exist_ok=True)
            content = event_file(lines[line], made.timestamp())
            write_whole(place / f"events.out.tfevents.{made.timestamp():.0f}.paragone", content)
    except OSError as error:
        raise _unusable(folder, error.strerror or str(error)) from error
    return own


def plain(name: str) -> str:
    """A name as one folder's: letters, digits, `_ . , -` and single spaces; never empty, hidden, or a way up."""
    kept = re.sub(r"[^\w.,-]+", " ", name).strip(" .")[:_LONGEST_NAME].strip(" .")
    return kept or "unnamed"


def _named(lines: dict[str, list[Scalar]]) -> Iterator[tuple[str, str]]:
    """Each line with its folder; two that would have the same one are numbered."""
    taken: set[str] = set()
    for line in lines:
        base = name = plain(line)
        number = 1
        while name.casefold() in taken:
            number += 1
            name = f"{base}-{number}"
        taken.add(name.casefold())
        yield line, name


def _unusable(folder: Path, received: str) -> InputError:
    return InputError(
        "The event files cannot be written.",
        where=f"{OPTION} {folder}",
        expected="a folder that can be written to, or a new one",
        received=received,
        next_step=f"choose another {OPTION}",
    )
