"""The database of the history: where it lies, how it is opened, and how an older one is brought up to date.

SQLite, of Python's own library: one file, transactions that survive a kill and a power cut, and locks for any number
of processes that write at the same time (https://www.sqlite.org/isolation.html). DuckDB, the other embedded database
that was considered, lets one process write and keeps all others out while it does
(https://duckdb.org/docs/stable/connect/concurrency), and would be the largest dependency; a history of some thousand
rows has no use for its columns.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from paragone.errors import InputError

HOME = "PARAGONE_HOME"
NAME = "history.sqlite3"
APPLICATION_ID = 0x50415247
"""`PARG`, in the header of the file (https://www.sqlite.org/pragma.html#pragma_application_id)."""
WAIT_S = 30.0
"""How long a process waits for others that write."""

STEPS = (
    "CREATE TABLE runs (id TEXT PRIMARY KEY, created TEXT NOT NULL, line TEXT NOT NULL, record BLOB NOT NULL);"
    "CREATE INDEX runs_by_time ON runs (created);",
)
"""From each version of the schema to the next; the first makes version 1 of an empty file."""

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def database_path() -> Path:
    """The file of the history: in `PARAGONE_HOME`, else in the folder for data of the XDG Base Directory Specification.

    Raises:
        InputError: there is neither, nor a home folder.
    """
    if own := os.environ.get(HOME):
        return Path(own).expanduser() / NAME
    data = Path(os.environ.get("XDG_DATA_HOME", ""))
    try:  # a relative path there is invalid and is ignored, says the specification
        return (data if data.is_absolute() else Path.home() / ".local" / "share") / "paragone" / NAME
    except RuntimeError as error:
        raise _unusable(HOME, f"no home folder ({error})") from error


@contextmanager
def opened(path: Path, *, make: bool = False) -> Iterator[sqlite3.Connection]:
    """The database while the block runs, with the latest schema; a statement is a transaction of its own.

    Args:
        path: of the file.
        make: make it where there is none; for this user's eyes only.

    Raises:
        InputError: it is damaged, none of ours, of a later version, or cannot be read or written.
    """
    try:
        if make:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(mode=0o600)
        with closing(sqlite3.connect(path, timeout=WAIT_S, isolation_level=None)) as connection:
            _bring_up(connection, path)
            yield connection
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) in _DAMAGED:
            raise _damaged(path, str(error)) from error
        raise _unusable(path, str(error)) from error
    except OSError as error:
        raise _unusable(path, error.strerror or str(error)) from error


def _bring_up(connection: sqlite3.Connection, path: Path) -> None:
    """Check whose file it is, and take what steps its schema lacks; all of them or none."""
    if _version(connection, path) == len(STEPS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in STEPS[_version(connection, path) :]:  # another process may have been faster
            for statement in filter(None, step.split(";")):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(STEPS)}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _version(connection: sqlite3.Connection, path: Path) -> int:
    """The version of the schema, 0 for an empty file."""
    ours = connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    empty = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    if not ours and not empty:
        raise _damaged(path, "a database of another program")
    version = int(connection.execute("PRAGMA user_version").fetchone()[0]) if ours else 0
    if version > len(STEPS):
        raise InputError(
            "The history was written by a later version of Paragone.",
            where=str(path),
            expected=f"version {len(STEPS)} of its schema, or an earlier one",
            received=f"version {version}",
            next_step=f"use that version of Paragone, or another folder: {HOME}=DIR",
        )
    return version


def _damaged(path: Path, received: str) -> InputError:
    return InputError(
        "The history cannot be read.",
        where=str(path),
        expected="the database that Paragone wrote",
        received=received,
        next_step=f"move it away (mv '{path}' '{path}.damaged'); no run is lost, each is whole in its folder: "
        "paragone runs --add DIR brings it back",
    )


def _unusable(path: Path | str, received: str) -> InputError:
    return InputError(
        "The history cannot be used.",
        where=str(path),
        expected="a database in a folder that can be written to",
        received=received,
        next_step=f"choose another folder ({HOME}=DIR), or go without: --no-history",
    )
