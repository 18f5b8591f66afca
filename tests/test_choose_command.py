"""`paragone choose`, as it is called."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.report.sample import full_run

from paragone.choose.candidates import TITLES
from paragone.choose.madr import decision_record
from paragone.choose_command import choose
from paragone.cli import cli
from paragone.records import Choice
from paragone.saved import RECORD

OWN = 'description = "Ours."\n[weights]\nstep-time = 1\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    run = tmp_path / "run"
    run.mkdir()
    (run / RECORD).write_text(full_run().model_dump_json(by_alias=True))
    return run


def call(*words: object, **more: object) -> Result:
    return CliRunner().invoke(choose, [str(word) for word in words], **more)


def chosen(*words: object) -> Choice:
    result = call(*words, "--json")
    assert result.exit_code == 0, result.output
    return Choice.model_validate_json(result.output)


def test_a_run_and_a_profile_make_a_choice(folder: Path) -> None:
    choice = chosen(folder, "--profile", "balanced", "--no-reference")
    assert {one.name for one in choice.options} == set(TITLES)
    assert [source.id for source in choice.sources] == [choice.options[0].runs[0]]
    assert choice == chosen(folder, "--no-reference")
    result = call(folder, "--profile", "balanced", "--no-reference")
    assert result.exit_code == 0
    assert "for “balanced”" in result.output
    assert "Not weighed" in result.output


def test_without_any_run_nothing_is_made_up() -> None:
    choice = chosen("--no-reference", "--profile", "production")
    assert (choice.verdict, choice.ranking, choice.sources) == ("nothing to choose", (), ())
    assert {one.status for one in choice.options} == {"no evidence"}


def test_the_decision_record_is_made_again_from_its_record_byte_for_byte(folder: Path, tmp_path: Path) -> None:
    first, again = tmp_path / "decision.md", tmp_path / "again.md"
    assert call(folder, "--profile", "research", "--out", first, "--signed-by", "A Lead").exit_code == 0
    assert call("--from", first.with_suffix(".json"), "--out", again).exit_code == 0
    assert first.read_bytes() == again.read_bytes()
    assert not again.with_suffix(".json").exists()
    kept = Choice.model_validate_json(first.with_suffix(".json").read_bytes())
    assert decision_record(kept) == first.read_text()
    assert kept.signed_by == ("A Lead",)


def test_answers_make_a_profile_that_can_be_kept(folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "needs.toml"
    answers = ("--answer", "purpose=education", "--answer", "most=step-time", "--answer", "memory=2 GiB")
    said = chosen(folder, *answers, "--save-profile", kept, "--no-reference")
    again = chosen(folder, "--profile", kept, "--no-reference")
    assert said.weighing.order[0].startswith("step-time > ")
    assert (again.weighing, again.constraints, again.verdict) == (said.weighing, said.constraints, said.verdict)


def test_it_asks_where_somebody_can_answer(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("paragone.choose_command._can_ask", lambda: True)
    typed = "\n".join(["education", "latncy", "step-time", "", "", "", "", "2", "", "", ""]) + "\n"
    result = call(folder, "--no-reference", input=typed)
    assert result.exit_code == 0, result.output
    assert "the nearest is `latency`" in result.output
    assert "for “mine”: Education" in result.output


def test_the_questions_are_listed() -> None:
    lines = call("--questions").output.splitlines()
    assert 0 < len(lines) <= 10
    assert lines[0].startswith("purpose")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--profile", "prodction"), "the nearest is `production`"),
        (("--profile", "none.toml"), "There is no profile here"),
        (("--answer", "purpose"), "no key"),
        (("--answer", "purpose=produktion"), "the nearest is `production`"),
        (("--profile", "research", "--answer", "most=latency"), "two profiles"),
        (("no-such-run",), "no record of a run"),
        (("--from", "none.json"), "no record of a choice"),
        (("--from", "none.json", "--profile", "research"), "as it was made"),
        (("--out", "decision.json"), "is Markdown"),
        (("--out", "no/such/folder/decision.md"), "cannot be written"),
    ],
)
def test_bad_input_is_one_message_and_exit_2(words: tuple[str, ...], said: str) -> None:
    result = call(*words, "--no-reference") if "--from" not in words else call(*words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('[constraints]\nonly = ["pytorch"]\nnever = ["pytorch"]', "contradict each other: `only = ['pytorch']`"),
        ("accuracy = nan", "must be a number of at least 0"),
        ("acuracy = 1", "the nearest is `accuracy`"),
        ("[facts.fast]\nsays = 'It is fast.'", "The fact mine/fast has no value"),
    ],
)
def test_a_faulty_file_is_one_message_and_exit_2(tmp_path: Path, more: str, said: str) -> None:
    path = tmp_path / "needs.toml"
    path.write_text(OWN + more)
    result = call("--profile", path)
    assert (result.exit_code, said in result.stderr) == (2, True), result.stderr
    assert "needs" in result.stderr


def test_a_damaged_record_is_bad_input(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    for text in ("{", json.dumps({"profile": 3}), "[" * 5000):
        path.write_text(text)
        result = call("--from", path)
        assert (result.exit_code, "damaged" in result.stderr) == (2, True)


def test_it_imports_no_framework_and_no_scipy(folder: Path) -> None:
    script = (
        "import sys\nfrom paragone.cli import main\n"
        f"sys.argv = ['paragone', 'choose', {str(folder)!r}, '--profile', 'production', '--json']\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code\n"
        "heavy = {'torch', 'tensorflow', 'keras', 'jax', 'flax', 'scipy', 'sklearn', 'matplotlib', 'rich', 'pandas'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ended.stderr == "[]\n"


def test_it_is_a_command() -> None:
    assert cli.commands["choose"] is choose
