"""The commands: what they print where, and how they end. The stages are replaced; they have tests of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner, Result

from paragone import __version__
from paragone.cli import cli
from paragone.errors import InputError, ParagoneError
from paragone.options import CompareOptions
from paragone.progress import Silent
from paragone.records import Record


class Answer(Record):
    """Stands for the record of a run."""

    verdict: str = "different"


class Proven(Answer):
    """Stands for the record of a proof that was not made."""

    proof: None = None


FAKED = (
    ("run", ("compare_run", "measure_run")),
    ("report.summary", ("render_summary",)),
    ("history", ("remember",)),
)


class Stages:
    """Stands for the pipeline: remembers what it was asked, and answers."""

    def __init__(self) -> None:
        self.asked: list[tuple[CompareOptions, object]] = []
        self.fault: BaseException | None = None
        self.remembered: list[Path] = []
        self.why_not = ""

    def compare_run(self, options: CompareOptions, progress: object) -> Answer:
        self.asked.append((options, progress))
        if self.fault is not None:
            raise self.fault
        return Answer()

    measure_run = compare_run

    def remember(self, run: Answer, folder: Path) -> str:
        self.remembered.append(folder)
        return self.why_not

    def render_summary(self, run: Answer, console: Any, folder: Path) -> None:
        console.print(f"summary of {run.verdict} in {folder}")


@pytest.fixture
def stages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Stages:
    monkeypatch.chdir(tmp_path)
    fake = Stages()
    for name, words in FAKED:
        module = ModuleType(f"paragone.{name}")
        for word in words:
            setattr(module, word, getattr(fake, word))
        monkeypatch.setitem(sys.modules, f"paragone.{name}", module)
    return fake


def call(*words: str) -> Result:
    return CliRunner().invoke(cli, list(words), prog_name="paragone")


def test_the_package_runs_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "paragone", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"paragone {__version__}\n"


def test_version() -> None:
    assert call("--version").stdout == f"paragone {__version__}\n"


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["compare", "-h"], ["measure", "-h"]])
def test_help_has_examples(words: list[str]) -> None:
    answer = call(*words)
    assert answer.exit_code == 0
    assert f"paragone {words[0] if len(words) > 1 else 'compare'} keras_side.py torch_side.py" in answer.stdout


def test_every_command_has_a_line_of_help_that_is_not_cut() -> None:
    listed = call("--help").stdout.partition("Commands:")[2].partition("Examples:")[0]
    assert "..." not in listed
    assert all(name in listed for name in ("compare", "measure", "report", "doctor", "schema", "completion"))


def test_compare_without_options_uses_the_printed_defaults(stages: Stages) -> None:
    assert call("compare", "a.py", "b.py").exit_code == 0
    assert stages.asked[0][0] == CompareOptions(sides=("a.py", "b.py"))


def test_compare_hands_over_every_option(stages: Stages) -> None:
    words = "compare a.py b.py:net --data digits --out there --seed 3 --budget 7.5 --profile research --batch-size 8"
    words += " --steps 9 --track tuned --track idiomatic --scheduler-step batch --threads 1 --fresh"
    assert call(*words.split()).exit_code == 0
    assert stages.asked[0][0] == CompareOptions(
        sides=("a.py", "b.py:net"),
        data="digits",
        out=Path("there"),
        seed=3,
        budget_s=7.5,
        profile="research",
        batch_size=8,
        steps=9,
        tracks=("tuned", "idiomatic"),
        scheduler_step="batch",
        threads=1,
        fresh=True,
    )


def test_compare_prints_the_summary(stages: Stages) -> None:
    assert call("compare", "a.py", "b.py").stdout == "summary of different in runs/a-b\n"


def test_a_run_goes_into_the_history_unless_it_is_told_not_to(stages: Stages) -> None:
    assert call("compare", "a.py", "b.py").stderr == ""
    assert stages.remembered == [Path("runs/a-b")]
    assert call("compare", "a.py", "b.py", "--no-history").exit_code == 0
    assert len(stages.remembered) == 1


def test_a_history_that_cannot_be_used_is_a_note_after_a_run_that_is_whole(stages: Stages) -> None:
    stages.why_not = "the run is whole, but was not added to the history"
    answer = call("measure", "a.py", "b.py")
    assert (answer.exit_code, answer.stdout) == (0, "summary of different in runs/a-b\n")
    assert answer.stderr == "note: the run is whole, but was not added to the history\n"


def test_measure_hands_over_every_option_and_prints_the_summary(stages: Stages) -> None:
    words = "measure a.py a.py --data digits --python torch-2=new/bin/python --budget 90 --matters 1.5 --threads 1"
    words += " --track tuned --batch-size 8 --seed 2 --scheduler-step batch --fidelity plain --fresh --out there"
    answer = call(*words.split())
    assert (answer.exit_code, answer.stdout) == (0, "summary of different in there\n")
    assert stages.asked[0][0] == CompareOptions(
        sides=("a.py", "a.py"),
        data="digits",
        python=("torch-2=new/bin/python",),
        budget_s=90.0,
        matters=1.5,
        threads=1,
        tracks=("tuned",),
        batch_size=8,
        seed=2,
        scheduler_step="batch",
        fidelity="plain",
        fresh=True,
        out=Path("there"),
    )


def test_measure_without_options_uses_the_printed_defaults(stages: Stages) -> None:
    assert call("measure", "a.py").exit_code == 0
    assert stages.asked[0][0] == CompareOptions(sides=("a.py",))


def test_prove_prints_the_proof_and_not_the_summary(stages: Stages, monkeypatch: pytest.MonkeyPatch) -> None:
    proven = ModuleType("paragone.report.proven")
    proven.render_proof = lambda run, console, folder: console.print(f"proof in {folder}")  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "paragone.report.proven", proven)
    monkeypatch.setattr(sys.modules["paragone.run"], "prove_run", lambda *_: Proven(), raising=False)
    answer = call("prove", "a.py", "b.py")
    assert (answer.exit_code, answer.stdout) == (1, "proof in runs/a-b\n")


def test_json_is_the_record_and_nothing_else(stages: Stages) -> None:
    assert json.loads(call("compare", "a.py", "b.py", "--json").stdout) == {"verdict": "different"}


def test_progress_is_silent_where_standard_error_is_no_terminal(stages: Stages) -> None:
    answer = call("compare", "a.py", "b.py")
    assert isinstance(stages.asked[0][1], Silent)
    assert answer.stderr == ""


@pytest.mark.parametrize(
    "words",
    [
        ["compare"],
        ["compare", "a.py", "--seed", "-1"],
        ["compare", "a.py", "--seed", "x"],
        ["compare", "a.py", "--budget", "nan"],
        ["compare", "a.py", "--budget", "0"],
        ["compare", "a.py", "--matters", "0"],
        ["measure"],
        ["measure", "a.py", "--steps", "3"],
        ["measure", "a.py", "--python", "torch"],
        ["measure", "a.py", "--precision", "tf32"],
        ["measure", "a.py", "--precision", "half"],
        ["compare", "a.py", "--precision", "bfloat16"],
        ["compare", "a.py", "--steps", "0"],
        ["compare", "a.py", "--batch-size", "0"],
        ["compare", "a.py", "--threads", "-2"],
        ["compare", "a.py", "--track", "fast"],
        ["compare", "a.py", "--track", "tuned", "--track", "tuned"],
        ["compare", "a.py", "--scheduler-step", "hour"],
        ["compare", "a.py", "--nonsense"],
        ["nonsense"],
        ["report"],
        ["report", "nowhere"],
        ["completion", "tcsh"],
    ],
)
def test_wrong_words_end_with_2_and_one_message(stages: Stages, words: list[str]) -> None:
    answer = call(*words)
    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert "rror: " in answer.stderr
    assert "Traceback" not in answer.stderr
    assert stages.asked == []


def test_wrong_input_ends_with_2_and_its_message(stages: Stages) -> None:
    stages.fault = InputError("No such side.", where="a.py", next_step="look\x1b[31m there")
    answer = call("compare", "a.py", "--json")
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert answer.stderr == "error: No such side.\n  where: a.py\n  next: look\ufffd[31m there\n"


@pytest.mark.parametrize("fault", [ZeroDivisionError("oh"), ParagoneError("the floor fell"), RecursionError()])
def test_a_fault_of_ours_ends_with_3_and_leaves_a_log(stages: Stages, fault: Exception, tmp_path: Path) -> None:
    stages.fault = fault
    (tmp_path / "there").mkdir()
    answer = call("compare", "a.py", "--out", "there")
    assert (answer.exit_code, answer.stdout) == (3, "")
    assert len(answer.stderr.splitlines()) == 1
    assert answer.stderr.endswith("The details are in there/error.log\n")
    assert type(fault).__name__ in (tmp_path / "there" / "error.log").read_text()


def test_without_a_folder_the_log_is_in_the_temporary_one(stages: Stages) -> None:
    stages.fault = ZeroDivisionError("oh")
    log = Path(call("compare", "a.py").stderr.split()[-1])
    assert "ZeroDivisionError: oh" in log.read_text()
    log.unlink()


def test_completion_scripts() -> None:
    for shell in ("bash", "zsh", "fish"):
        answer = call("completion", shell)
        assert answer.exit_code == 0
        assert "_PARAGONE_COMPLETE" in answer.stdout


def test_completion_completes() -> None:
    environment = os.environ | {"_PARAGONE_COMPLETE": "bash_complete", "COMP_WORDS": "paragone comp", "COMP_CWORD": "1"}
    code = "from paragone.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.split() == ["plain,compare", "plain,completion"]


def test_schema_is_the_json_schema_of_the_record() -> None:
    schema = json.loads(call("schema").stdout)
    assert {"schema", "task", "machine", "sides", "proof", "timings", "artifacts", "claims", "choice"} <= set(
        schema["properties"]
    )


def test_doctor_prints_its_record(monkeypatch: pytest.MonkeyPatch) -> None:
    import paragone.doctor

    monkeypatch.setattr(paragone.doctor, "frameworks", dict)
    answer = json.loads(call("doctor", "--json").stdout)
    assert answer["paragone"] == __version__
    assert 1 <= answer["machine"]["cores"] <= len(os.sched_getaffinity(0))
    assert f"Paragone {__version__}" in call("doctor").stdout


INTERRUPTED = """
import sys, time
from pathlib import Path
from types import SimpleNamespace

def compare_run(options, progress):
    options.folder.mkdir(parents=True)
    print("at work", flush=True)
    time.sleep(60)

sys.modules["paragone.run"] = SimpleNamespace(compare_run=compare_run)
from paragone.cli import main
main()
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupted_work_is_kept_and_says_so(tmp_path: Path, number: signal.Signals, code: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, "compare", "a.py", "b.py"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "at work\n"
    process.send_signal(number)
    stdout, stderr = process.communicate(timeout=30)
    assert process.returncode == code
    assert stdout == ""
    kept = "Interrupted. Finished trials are kept in runs/a-b; the same command goes on from there."
    assert stderr.strip() == kept


def test_an_interrupted_command_leaves_no_worker(tmp_path: Path) -> None:
    code = textwrap.dedent("""
        import sys, time
        from pathlib import Path
        from types import SimpleNamespace
        from paragone.workers.spawn import Worker, WorkerSpec

        def compare_run(options, progress):
            worker = Worker(WorkerSpec("a", "torch", "a.py"), Path("a.log"))
            print(worker.pid, flush=True)
            time.sleep(60)

        sys.modules["paragone.run"] = SimpleNamespace(compare_run=compare_run)
        from paragone.cli import main
        main()
    """)
    with subprocess.Popen(
        [sys.executable, "-c", code, "compare", "a.py"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        worker = int(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 130
    time.sleep(0.1)
    assert not Path(f"/proc/{worker}").exists()


def test_a_closed_pipe_is_no_fault_of_ours(tmp_path: Path) -> None:
    command = f"{sys.executable} -c 'from paragone.cli import main; main()' schema | head -c 10"
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert len(done.stdout) == 10
    assert done.stderr == ""
