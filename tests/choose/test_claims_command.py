"""`paragone claims`: runs and claims told apart, the record on demand, wrong words refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from paragone.choose import evidence
from paragone.choose.claims import claims
from paragone.cli import cli
from paragone.errors import EXIT_BAD_INPUT
from paragone.folder import save_run
from paragone.history.runs import keep
from paragone.records import Ledger

from .ledger_worlds import planted, run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PARAGONE_HOME", str(tmp_path / "home"))
    made = tmp_path / "made"
    made.mkdir()
    save_run(made, run(planted("step", 2.0, 0.01)))
    return made


@pytest.fixture
def nothing_ships(monkeypatch: pytest.MonkeyPatch) -> None:
    """No reference run."""
    monkeypatch.setattr(evidence, "references", lambda: ())


def call(*words: object) -> Any:
    return CliRunner().invoke(cli, ["claims", *map(str, words)], prog_name="paragone")


@pytest.mark.usefixtures("nothing_ships")
def test_all_claims_are_printed_with_verdict_sentence_and_evidence(folder: Path) -> None:
    told = call().stdout
    assert all(id_ in told for id_ in claims())
    assert "no evidence yet" in told
    assert "https://github.com/pytorch/serve/issues/3396" in told.replace("\n", "")
    assert folder


def test_a_run_is_named_by_its_folder_or_its_id(folder: Path) -> None:
    id_ = keep(run(planted("step", 2.0, 0.01)), folder)
    by_folder, by_id = (call(word, "training-speed", "--json") for word in (folder, id_[:6]))
    assert by_folder.exit_code == by_id.exit_code == 0
    assert by_folder.stdout == by_id.stdout
    (claim,) = Ledger.model_validate_json(by_folder.stdout).claims
    assert claim.id == "training-speed"
    assert claim.evidence[0].id == id_
    assert "2.00" in claim.sentence


def test_the_record_is_all_that_is_printed_where_it_is_asked_for() -> None:
    found = json.loads(call("tensorboard", "memory", "--json").stdout)
    assert [one["id"] for one in found["claims"]] == ["tensorboard", "memory"]


def test_the_runs_that_ship_answer_where_there_is_no_own_run() -> None:
    (claim,) = Ledger.model_validate_json(call("same-task", "--json").stdout).claims
    assert claim.verdict == "does not hold"
    assert "reference/first-task" in {one.id for one in claim.evidence}


@pytest.mark.usefixtures("nothing_ships")
def test_a_claim_that_is_asked_for_is_told_with_all_its_findings() -> None:
    told = " ".join(call("deployment-ecosystem").stdout.split())
    assert "what decides: in how many runtimes each arrives" in told
    assert "missing: a run" in told


@pytest.mark.parametrize(("word", "near"), [("memroy", "memory"), ("tensorbord", "tensorboard")])
def test_a_claim_that_is_not_there_is_refused_with_the_nearest(word: str, near: str) -> None:
    done = call(word)
    assert done.exit_code == EXIT_BAD_INPUT
    assert f"There is no claim `{word}` (the nearest is `{near}`)." in done.stderr


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    done = call(tmp_path)
    assert done.exit_code == EXIT_BAD_INPUT
    assert "no record of a run" in done.stderr
