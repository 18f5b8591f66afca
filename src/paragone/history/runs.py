"""Runs in the history: kept, listed, found again. What is read there is checked as any file that was given."""

from __future__ import annotations

import hashlib
import re
import zlib
from pathlib import Path

from pydantic import ValidationError

from paragone.errors import InputError
from paragone.history.database import database_path, opened
from paragone.records import Run
from paragone.records.history import RunLine, RunList
from paragone.saved import MAX_BYTES, parsed, read_run

ID_LETTERS, FEWEST_LETTERS = 12, 4
_ID = re.compile(rf"[0-9a-f]{{{FEWEST_LETTERS},{ID_LETTERS}}}")


def remember(run: Run, folder: Path) -> str:
    """Keep a run; what cannot be kept there is no failure of the run, which is whole in its folder.

    Returns:
        Why it was not kept; empty where it was.
    """
    try:
        keep(run, folder)
    except InputError as error:
        reason = f"{error.what.rstrip('.')} ({error.where}: {error.received})"
        return f"the run is whole in {folder}, but was not added to the history. {reason}. Next: {error.next_step}"
    return ""


def keep(run: Run, folder: Path) -> str:
    """Keep a run, once; its id, which is made of its record.

    Raises:
        InputError: the database cannot be used.
    """
    text = run.model_dump_json(by_alias=True)
    line = _line(run, _id(text), folder)
    row = (line.id, line.created, line.model_dump_json(), zlib.compress(text.encode()))
    with opened(database_path(), make=True) as database:
        database.execute("INSERT OR IGNORE INTO runs (id, created, line, record) VALUES (?, ?, ?, ?)", row)
    return line.id


def run_id(run: Run) -> str:
    """The id of a run in the history of any machine: it is made of the record alone."""
    return _id(run.model_dump_json(by_alias=True))


def _id(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:ID_LETTERS]


def add_folder(folder: Path) -> str:
    """Keep the run that was left in a folder; its id.

    Raises:
        InputError: there is no record, or the database cannot be used.
    """
    return keep(read_run(folder), folder)


def listed(*, name: str = "", framework: str = "", verb: str = "", since: str = "", limit: int = 0) -> RunList:
    """The runs of the history, the latest first.

    Args:
        name: what the run's name must hold.
        framework: that must have taken part.
        verb: `compare`, `prove` or `measure`.
        since: a day, as 2026-11-30, UTC.
        limit: how many at most; 0 for all.

    Raises:
        InputError: the database cannot be used.
    """
    path, found, unreadable = database_path(), [], 0
    if path.exists():
        with opened(path) as database:
            query = "SELECT id, line FROM runs WHERE created >= ? ORDER BY created DESC, rowid DESC"
            for id_, text in database.execute(query, (since,)):
                line = _read_line(id_, text)
                unreadable += line is None
                if line and name in line.name and framework in (*line.frameworks, "") and verb in (line.verb, ""):
                    found.append(line)
    return RunList(runs=tuple(found[: limit or None]), unreadable=unreadable, database=str(path))


def is_id(word: str) -> bool:
    """Whether a word can be the first letters of a run's id."""
    return _ID.fullmatch(word) is not None


def lookup(word: str | Path) -> Run:
    """The run in a folder, or of the history: a folder of that name comes first.

    Args:
        word: a run's folder, or the first letters of its id.

    Raises:
        InputError: there is no such run, more than one, or its record is damaged.
    """
    if Path(word).exists() or not is_id(str(word)):
        return read_run(Path(word))
    path = database_path()
    found = _with_prefix(path, str(word)) if path.exists() else []
    if len(found) != 1:
        many = ", ".join(id_ for id_, _ in found)
        raise InputError(
            "There are several such runs." if found else "There is no such run.",
            where=str(word),
            expected="a run's folder, or the id of one run of the history",
            received=many or f"neither a folder nor an id in {path}",
            next_step="give more letters of the id" if found else "paragone runs lists the ids",
        )
    return _unpacked(found[0], path)


def _with_prefix(path: Path, word: str) -> list[tuple[str, bytes]]:
    with opened(path) as database:
        query = "SELECT id, record FROM runs WHERE substr(id, 1, ?) = ? ORDER BY id"
        return database.execute(query, (len(word), word)).fetchall()


def _unpacked(row: tuple[str, bytes], path: Path) -> Run:
    """The record of a row; one that would unpack to more than a record may have is refused."""
    where = f"run {row[0]} in {path}"
    try:
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(row[1], MAX_BYTES)
        if unpacker.unconsumed_tail or not unpacker.eof:
            raise ValueError("cut off, or too big")
        text = content.decode()
    except (zlib.error, ValueError, TypeError) as error:
        raise InputError(
            "The record is damaged.",
            where=where,
            expected="the record that Paragone kept",
            received=str(error),
            next_step="read the run from its folder",
        ) from error
    return parsed(text, where)


def _read_line(id_: object, text: object) -> RunLine | None:
    if not isinstance(text, str | bytes):
        return None
    try:
        line = RunLine.model_validate_json(text)
    except ValidationError:
        return None
    return line if line.id == id_ else None


def _line(run: Run, id_: str, folder: Path) -> RunLine:
    ratios = run.timings.ratios if run.timings else ()
    return RunLine(
        id=id_,
        created=run.created,
        verb=run.reproduce.command.removeprefix("paragone ").partition(" ")[0],
        name=run.name,
        frameworks=tuple(dict.fromkeys(side.framework for side in run.sides)),
        same=run.proof.verdict if run.proof else "",
        step=tuple(one.sentence for one in ratios if one.quantity == "step"),
        machine=run.machine,
        paragone=run.paragone,
        duration_s=run.duration_s,
        folder=str(folder.resolve()),
    )
