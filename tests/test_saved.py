"""A run's folder: the record that is read back, and the records that are refused."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from paragone import saved
from paragone.errors import InputError
from paragone.records import SCHEMA, Run
from paragone.saved import read_run, write_page

DATA = {"source": "digits", "sha256": "0", "arrays": [], "n_train": 8, "n_test": 2, "kind": "regression", "split": "x"}
RECORD: dict[str, Any] = {
    "schema": SCHEMA,
    "paragone": "0.1.0",
    "created": "2026-01-01T00:00:00Z",
    "name": "first",
    "task": {"name": "first", "data": DATA, "batch_size": 32, "seed": 0, "steps": 500},
    "machine": {
        "cpu": "a processor",
        "cores": 2,
        "memory_bytes": 1,
        "system": "Linux",
        "python": "3.11",
        "load_before": 0.0,
        "packages": {},
    },
    "sides": [],
    "reproduce": {"command": "paragone compare", "options": {}, "requirements": []},
    "duration_s": 1.0,
}


def refuse(folder: Path, text: str) -> InputError:
    (folder / "run.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_run(folder)
    return caught.value


def test_a_record_is_read_back_as_it_was(tmp_path: Path) -> None:
    run = Run.model_validate(RECORD)
    (tmp_path / "run.json").write_text(run.model_dump_json(by_alias=True), encoding="utf-8")
    assert read_run(tmp_path) == run


def test_the_page_is_written_into_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = ModuleType("paragone.report.page")
    page.render_page = lambda run: f"<p>{run.name} é</p>"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "paragone.report.page", page)
    path = write_page(Run.model_validate(RECORD), tmp_path)
    assert path == tmp_path / "report.html"
    assert path.read_bytes() == "<p>first é</p>".encode()


def test_a_folder_without_a_record(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no record of a run"):
        read_run(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "not json"])
def test_text_that_is_no_json(tmp_path: Path, text: str) -> None:
    assert refuse(tmp_path, text).what == "The record is damaged."


@pytest.mark.parametrize("content", [[], 3, None, {}, {"schema": "paragone.run/99"}, {"schema": ["odd"]}])
def test_another_schema(tmp_path: Path, content: object) -> None:
    error = refuse(tmp_path, json.dumps(content))
    assert error.expected == f"schema {SCHEMA}"


def test_a_record_with_a_wrong_field_names_it(tmp_path: Path) -> None:
    wrong = RECORD | {"machine": RECORD["machine"] | {"cores": "many"}}
    assert "machine.cores" in refuse(tmp_path, json.dumps(wrong)).received


def test_a_record_with_an_unknown_field(tmp_path: Path) -> None:
    assert "surprise" in refuse(tmp_path, json.dumps(RECORD | {"surprise": 1})).received


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="damaged"):
        read_run(tmp_path)


def test_a_record_that_is_too_big_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved, "MAX_BYTES", 10)
    assert refuse(tmp_path, json.dumps(RECORD)).what == "The record is too big."
