"""The database: where it lies, whose it is, how it is brought up to date, and what becomes of a damaged one."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from paragone.errors import InputError
from paragone.history import database
from paragone.history.database import APPLICATION_ID, database_path, opened


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "of its own" / "history.sqlite3"


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def test_it_lies_where_the_user_says_or_where_data_belongs(monkeypatch: pytest.MonkeyPatch, own_history: Path) -> None:
    assert database_path() == own_history / "history.sqlite3"  # no test writes to the user's home
    monkeypatch.delenv("PARAGONE_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert database_path() == Path("/data/paragone/history.sqlite3")
    monkeypatch.setenv("HOME", "/home/jane")
    for nothing in ("", "relative"):
        monkeypatch.setenv("XDG_DATA_HOME", nothing)
        assert database_path() == Path("/home/jane/.local/share/paragone/history.sqlite3")


def test_a_new_one_has_the_latest_schema_and_is_for_its_user_alone(path: Path) -> None:
    with opened(path, make=True) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert tables(path) == {"runs"}
    assert version(path) == len(database.STEPS)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_an_older_schema_is_brought_up_to_date_and_keeps_its_rows(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(path, make=True) as connection:
        connection.execute("INSERT INTO runs VALUES ('a', 'today', '{}', x'00')")
    monkeypatch.setattr(database, "STEPS", (*database.STEPS, "ALTER TABLE runs ADD COLUMN note TEXT DEFAULT 'none';"))
    with opened(path) as connection:
        assert connection.execute("SELECT id, note FROM runs").fetchall() == [("a", "none")]
    assert version(path) == len(database.STEPS)


def test_a_step_that_fails_leaves_the_old_schema_whole(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(path, make=True):
        pass
    monkeypatch.setattr(database, "STEPS", (*database.STEPS, "CREATE TABLE more (id TEXT); CREATE NONSENSE;"))
    with pytest.raises(InputError, match="NONSENSE"), opened(path):
        pass
    assert tables(path) == {"runs"}
    assert version(path) == 1


def test_a_later_schema_is_refused(path: Path) -> None:
    with opened(path, make=True) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(InputError, match="later version of Paragone") as caught, opened(path):
        pass
    assert caught.value.received == "version 99"


def test_the_database_of_another_program_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    before = path.read_bytes()
    with pytest.raises(InputError, match="a database of another program"), opened(path, make=True):
        pass
    assert path.read_bytes() == before


@pytest.mark.parametrize("damage", ["no database at all" * 100, "cut"])
def test_a_damaged_one_is_one_clear_error_and_stays_as_it_is(path: Path, damage: str) -> None:
    with opened(path, make=True) as connection:
        connection.execute("INSERT INTO runs VALUES ('a', 'today', '{}', zeroblob(400000))")
    content = damage.encode() if damage != "cut" else path.read_bytes()[:9000]
    path.write_bytes(content)
    with pytest.raises(InputError, match="The history cannot be read") as caught, opened(path) as connection:
        connection.execute("SELECT * FROM runs").fetchall()
    assert caught.value.where == str(path)
    assert "no run is lost" in caught.value.next_step
    assert path.read_bytes() == content


def test_a_place_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot be used") as caught, opened(tmp_path / "file" / "x", make=True):
        pass
    assert "PARAGONE_HOME=DIR" in caught.value.next_step


WRITER = """
import sys
from pathlib import Path
from paragone.history.database import opened

for number in range(30):
    with opened(Path(sys.argv[1]), make=True) as database:
        database.execute("INSERT INTO runs VALUES (?, 'today', '{}', zeroblob(3000))", (f"{sys.argv[2]}-{number}",))
"""


def test_processes_that_write_at_once_lose_nothing(path: Path) -> None:
    """All of them make the database, too."""
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), str(number)]) for number in range(3)]
    assert [writer.wait(120) for writer in writers] == [0, 0, 0]
    with opened(path) as connection:
        assert connection.execute("SELECT count(*) FROM runs").fetchone() == (90,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
