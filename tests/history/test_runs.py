"""Runs are kept with their environment, listed, found by their ids, and set beside each other."""

from __future__ import annotations

import json
import sqlite3
import zlib
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.report import sample

from paragone import library
from paragone.cli import cli
from paragone.errors import InputError
from paragone.folder import save_run
from paragone.history import listed, lookup, remember
from paragone.history.database import database_path
from paragone.history.runs import keep
from paragone.options import CompareOptions
from paragone.records import Run

FOLDER = Path("runs/some")


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("PARAGONE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def run(**update: Any) -> Run:
    return sample.timed_alone().model_copy(update=update)


def call(*words: str) -> Any:
    return CliRunner().invoke(cli, list(words), prog_name="paragone")


def execute(statement: str, *values: Any) -> None:
    with closing(sqlite3.connect(database_path())) as connection, connection:
        connection.execute(statement, values)


def test_a_run_comes_back_as_it_was_with_its_environment() -> None:
    made = sample.full_run()
    id_ = keep(made, FOLDER)
    assert lookup(id_) == lookup(id_[:4]) == made
    (line,) = listed().runs
    assert line.machine == made.machine
    assert made.proof is not None
    assert (line.same, line.frameworks, line.verb) == (made.proof.verdict, ("tensorflow", "torch", "jax"), "compare")
    assert line.folder == str(FOLDER.resolve())
    assert len(line.step) == 3


def test_the_same_record_is_kept_once() -> None:
    assert keep(run(), FOLDER) == keep(run(), FOLDER)
    assert len(listed().runs) == 1


def test_the_latest_comes_first_and_filters_hold() -> None:
    for day in ("2026-11-03", "2026-11-01", "2026-11-02"):
        keep(run(created=f"{day}T10:00:00+00:00", name=f"run-{day[-1]}"), FOLDER)
    assert [one.name for one in listed().runs] == ["run-3", "run-2", "run-1"]
    assert [one.name for one in listed(limit=1).runs] == ["run-3"]
    assert [one.name for one in listed(since="2026-11-02").runs] == ["run-3", "run-2"]
    assert [one.name for one in listed(name="-1").runs] == ["run-1"]
    assert len(listed(framework="torch").runs) == 3
    assert listed(framework="mxnet").runs == listed(verb="prove").runs == ()


def test_listing_makes_no_database(home: Path) -> None:
    assert listed().runs == ()
    assert not home.exists()
    answer = call("runs")
    assert (answer.exit_code, answer.stdout) == (0, f"No such run in {home / 'history.sqlite3'}\n")


def test_what_somebody_else_wrote_into_a_row_is_checked() -> None:
    good = keep(run(), FOLDER)
    execute("INSERT INTO runs SELECT 'feedfeedfeed', created, line, record FROM runs")  # a line of another id
    execute("INSERT INTO runs VALUES ('abcdabcdabcd', '2026', 'no JSON', x'0102')")
    assert [one.id for one in listed().runs] == [good]
    assert listed().unreadable == 2
    with pytest.raises(InputError, match="The record is damaged"):
        lookup("abcdabcdabcd")
    for content in (b"{}", b'{"schema": "paragone.run/1", "paragone": 3}', b"\xff"):
        execute("UPDATE runs SET record = ? WHERE id = 'abcdabcdabcd'", zlib.compress(content))
        with pytest.raises(InputError):
            lookup("abcdabcdabcd")


def test_a_record_that_unpacks_to_more_than_a_record_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    id_ = keep(run(), FOLDER)
    monkeypatch.setattr("paragone.history.runs.MAX_BYTES", 1000)
    with pytest.raises(InputError, match="cut off, or too big"):
        lookup(id_)


def test_an_id_must_be_of_one_run() -> None:
    keep(run(), FOLDER)
    execute("UPDATE runs SET id = 'abcdef000000'")
    keep(run(), FOLDER)
    execute("UPDATE runs SET id = 'abcdef111111' WHERE id != 'abcdef000000'")
    with pytest.raises(InputError, match="several such runs") as caught:
        lookup("abcdef")
    assert caught.value.received == "abcdef000000, abcdef111111"
    assert lookup("abcdef0") == run()
    with pytest.raises(InputError, match="There is no such run"):
        lookup("0123456789ab")
    with pytest.raises(InputError, match="There is no record of a run here"):
        lookup("runs/nowhere")


def test_a_folder_comes_before_an_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    id_ = keep(run(), FOLDER)
    Path(id_).mkdir()
    save_run(Path(id_), run(name="in the folder"))
    assert lookup(id_).name == "in the folder"


def test_diff_takes_ids_and_folders(tmp_path: Path) -> None:
    id_ = keep(run(), FOLDER)
    save_run(tmp_path, run(name="later"))
    answer = call("diff", id_, str(tmp_path))
    assert answer.exit_code == 0, answer.stderr
    assert "no change was seen" in answer.stdout
    missing = call("diff", id_, "0123456789ab")
    assert missing.exit_code == 2
    assert "paragone runs lists the ids" in missing.stderr


def test_the_command_lists_for_people_and_for_programs(tmp_path: Path) -> None:
    save_run(tmp_path, run())
    answer = call("runs", "--add", str(tmp_path), "--json")
    record = json.loads(answer.stdout)
    (line,) = record["runs"]
    assert line["id"] == listed().runs[0].id
    assert line["machine"]["cores"] == run().machine.cores
    shown = call("runs").stdout
    assert line["id"] in shown
    assert "tensorflow" in shown
    assert call("runs", "--since", "2999-01-01").stdout.startswith("No such run")
    assert call("runs", "--add", str(tmp_path / "nowhere")).exit_code == 2


def test_a_history_that_cannot_be_used_loses_no_run(home: Path) -> None:
    home.mkdir()
    (home / "history.sqlite3").write_text("no database " * 500)
    said = remember(run(), FOLDER)
    assert said.startswith(f"the run is whole in {FOLDER}, but was not added to the history.")
    answer = call("runs")
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert answer.stderr.count("error: ") == 1
    assert "paragone runs --add DIR brings it back" in answer.stderr


def test_the_library_keeps_runs_too_and_warns_where_it_cannot(home: Path) -> None:
    options = CompareOptions(sides=("a.py", "b.py"))
    library._remember(run(), replace(options, history=False))
    assert not home.exists()
    library._remember(run(), options)
    assert len(listed().runs) == 1
    (home / "history.sqlite3").write_text("no database " * 500)
    with pytest.warns(UserWarning, match="the run is whole in runs/a-b"):
        library._remember(run(), options)
