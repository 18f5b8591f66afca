"""The whole program on small sides: wrong input, a run that is repeated, what is shared, and the library."""

from __future__ import annotations

import ast
import json
import os
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import numpy as np
import pytest

import paragone
from paragone.choose.claims import claims
from paragone.saved import read_run

from .conftest import JAX, TORCH, Program, SmallRun, shorten_timing

Lines = Callable[[CompletedProcess[str]], list[str]]
KERAS = """
import keras

model = keras.Sequential([keras.Input((SIZE,)), keras.layers.Dense(6, activation="tanh"), keras.layers.Dense(3)])
model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
"""
TWO = ("torch_side.py", "other_side.py")


# ---------------------------------------------------------------------- wrong input


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("torch_side.py", "nowhere.py"), "There is no file nowhere.py."),
        (("torch_side.py",), "only one side"),
        ((*TWO, "--profile", "ballanced"), "balanced"),
        ((*TWO, "--out", "/proc/run"), "cannot be used"),
        ((*TWO, "--out", "."), "not made by a run"),
        ((*TWO, "--out", "data.py"), "a file of that name"),
        ((*TWO, "--data", "dygits"), "did you mean digits?"),
        ((*TWO, "--data", "nowhere.npz"), "no such data file"),
        (("torch_side.py", "broken.py"), "broken.py, line 3"),
        (("torch_side.py", "plain.py"), "imports no framework"),
        (("torch_side.py", "."), "is a folder"),
    ],
)
def test_wrong_input_is_refused_before_any_worker_starts(
    program: Program, lines_of_error: Lines, words: tuple[str, ...], says: str
) -> None:
    (program.folder / "broken.py").write_text("import torch\n\nmodel = (\n")
    (program.folder / "plain.py").write_text("import numpy\n")
    data = () if "--data" in words else ("--data", "data.py:points")
    done = program.run("compare", *words, *data)
    lines = lines_of_error(done)
    assert says in done.stderr
    assert any(line.startswith("  where: ") for line in lines)
    assert {line.split(":")[0].strip() for line in lines[1:]} & {"expected", "received", "next"}
    assert not list(program.folder.rglob("*.log"))


def save(path: Path, **arrays: Any) -> None:
    np.savez(path, **arrays)


@pytest.mark.parametrize(
    ("arrays", "says"),
    [
        ({"x": np.array([[0.0, np.nan]] * 9), "y": np.arange(9) % 2}, "not finite"),
        ({"x": np.ones((9, 2)), "y": np.array([1.0, np.inf, 0] * 3)}, "not finite"),
        ({"x": np.array([{"a": 1}] * 9), "y": np.arange(9)}, "x"),
        ({"x": np.ones((9, 2)), "y": np.arange(8)}, "differ in length"),
        ({"a": np.ones((9, 2))}, "not understood"),
    ],
)
def test_data_that_cannot_be_used(program: Program, lines_of_error: Lines, arrays: dict[str, Any], says: str) -> None:
    save(program.folder / "bad.npz", **arrays)
    done = program.run("compare", *TWO, "--data", "bad.npz")
    lines_of_error(done)
    assert says in done.stderr


def test_pickled_objects_are_refused_and_not_loaded(program: Program, lines_of_error: Lines) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Any, ...]:
            return (os.system, (f"touch {program.folder}/sprung",))

    save(program.folder / "trap.npz", x=np.array([Trap()] * 3, dtype=object), y=np.arange(3))
    lines_of_error(program.run("compare", *TWO, "--data", "trap.npz"))
    assert not (program.folder / "sprung").exists()


@pytest.mark.parametrize(
    ("distribution", "module", "command"),
    [
        ("torch", "torch", "torch"),
        ("flax", "jax", "jax flax optax"),
        ("keras", "keras", "tensorflow"),
    ],
)
def test_a_framework_that_is_not_installed(
    program: Program, lines_of_error: Lines, distribution: str, module: str, command: str
) -> None:
    """A module that Python imports at its start hides the framework from `importlib.metadata`."""
    (program.folder / "hide").mkdir()
    (program.folder / "hide" / "sitecustomize.py").write_text(
        "import importlib.metadata as m\n"
        "find = m.version\n"
        "def version(name):\n"
        f"    if name == {distribution!r}:\n"
        "        raise m.PackageNotFoundError(name)\n"
        "    return find(name)\n"
        "m.version = version\n"
    )
    (program.folder / "a.py").write_text(f"import {module}\n")
    hidden = Program(program.folder, {**program.environment, "PYTHONPATH": str(program.folder / "hide")})
    done = hidden.compare("a.py", "a.py:again")
    lines = lines_of_error(done)
    assert f"{distribution} is missing" in lines[0]
    assert f"next: pip install {command}" in done.stderr


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("torch", TORCH.replace("Linear(4", "Linear(5")),
        ("jax", JAX.replace("Linear(4", "Linear(5")),
        ("keras", KERAS.replace("SIZE", "5")),
    ],
)
def test_data_whose_shape_does_not_fit(program: Program, lines_of_error: Lines, name: str, text: str) -> None:
    (program.folder / f"{name}_misfit.py").write_text(text)
    done = program.compare("torch_side.py", f"{name}_misfit.py")
    lines = lines_of_error(done)
    assert lines[0] == "error: The data does not fit the model."
    expected = next(line for line in lines if line.startswith("  expected: "))
    received = next(line for line in lines if line.startswith("  received: "))
    assert "5" in expected
    assert "(96, 4)" in received


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("torch", TORCH.replace("6, 3)", "6, 2)")),
        ("jax", JAX.replace("6, 3,", "6, 2,")),
        ("keras", KERAS.replace("SIZE", "4").replace("Dense(3)", "Dense(2)")),
    ],
)
def test_labels_out_of_range(program: Program, lines_of_error: Lines, name: str, text: str) -> None:
    (program.folder / f"{name}_small.py").write_text(text)
    done = program.compare("torch_side.py", f"{name}_small.py")
    lines = lines_of_error(done)
    assert lines[0] == "error: The labels are out of the range of the model's outputs."
    assert "labels from 0 to 1" in done.stderr
    assert "labels up to 2" in done.stderr


def test_a_budget_that_is_too_small_says_the_smallest_before_the_proof(program: Program, lines_of_error: Lines) -> None:
    done = program.compare(*TWO, "--budget", "0.1", "--out", "run")
    lines_of_error(done)
    assert "expected: at least " in done.stderr
    assert {path.name.split("-")[0] for path in (program.folder / "run" / "trials").iterdir()} == {"align", "describe"}


def test_two_runs_at_once_in_one_folder(program: Program, lines_of_error: Lines) -> None:
    with program.start("compare", *TWO, "--data", "data.py:points", "--out", "run") as first:
        while not (program.folder / "run" / "trials").exists():
            assert first.poll() is None
        second = program.compare(*TWO, "--out", "run")
        first.kill()
    lines_of_error(second)
    assert "Another run is at work" in second.stderr


# ---------------------------------------------------------------------- a finished run


def test_json_is_the_record_that_is_in_the_folder(small_run: SmallRun) -> None:
    assert small_run.record == json.loads((small_run.folder / "run.json").read_text(encoding="utf-8"))
    assert small_run.done.stderr == ""
    assert small_run.record["proof"]["verdict"] == "different"
    assert [side["status"] for side in small_run.record["sides"]] == ["ok", "ok"]
    assert small_run.record["timings"]["ratios"]


def test_the_folder_has_what_the_design_says(small_run: SmallRun) -> None:
    names = {path.name for path in small_run.folder.iterdir()}
    assert {"run.json", "report.html", "sides", "samples", "logs", "data.safetensors"} <= names
    assert not list((small_run.folder / "exchange").iterdir())


def test_the_record_and_the_page_have_every_claim(small_run: SmallRun) -> None:
    assert [one["id"] for one in small_run.record["claims"]] == list(claims())
    page = (small_run.folder / "report.html").read_text(encoding="utf-8")
    assert page.count('class="claim"') == len(claims())


def test_nothing_that_is_shared_names_the_user_the_host_or_a_path(small_run: SmallRun) -> None:
    tell = ["jane-telltale", "secret-project", str(small_run.program.folder), sys.prefix]
    if len(socket.gethostname()) > 3:
        tell.append(socket.gethostname())
    for path in small_run.folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not [word for word in tell if word.encode() in content], path.name


def test_the_report_is_written_again_byte_for_byte(small_run: SmallRun) -> None:
    page = small_run.folder / "report.html"
    before = page.read_bytes()
    page.unlink()
    assert small_run.program.run("report", "small").returncode == 0
    assert page.read_bytes() == before


def test_a_run_that_is_repeated_finds_its_trials(small_run: SmallRun) -> None:
    before = kept(small_run.folder)
    again = small_run.program.run(*small_run.words)
    assert again.returncode == 0, again.stderr
    assert kept(small_run.folder) == before
    told = json.loads(again.stdout)
    for part in ("proof", "timings", "choice", "sides", "task", "reproduce"):
        assert told[part] == small_run.record[part], part


def test_a_changed_side_is_worked_on_anew_and_the_other_is_found(small_run: SmallRun, tmp_path: Path) -> None:
    program = Program(tmp_path / "moved", small_run.program.environment)
    shutil.copytree(small_run.program.folder, program.folder)
    before = kept(program.folder / "small")
    side = program.folder / "torch_side.py"
    side.write_text(side.read_text().replace("0.1", "0.3"))
    done = program.run("compare", "torch_side.py", "jax_side.py", *small_run.words[3:])
    assert done.returncode == 0, done.stderr
    after = kept(program.folder / "small")
    new = [json.loads((program.folder / "small" / "trials" / name).read_text()) for name in set(after) - set(before)]
    proved = [trial for trial in new if trial["key"].get("op") in {"describe", "draw"}]
    assert before.items() <= after.items()
    assert {trial["key"]["side"]["framework"] for trial in proved} == {"torch"}


def kept(folder: Path) -> dict[str, int]:
    """The finished trials, with the moment at which each was written."""
    return {path.name: path.stat().st_mtime_ns for path in (folder / "trials").glob("*.json")}


def test_the_data_is_in_a_form_that_runs_no_code(small_run: SmallRun) -> None:
    content = (small_run.folder / "data.safetensors").read_bytes()
    header_bytes = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + header_bytes])
    ends = [about["data_offsets"][1] for name, about in header.items() if name != "__metadata__"]
    assert 8 + header_bytes + max(ends) == len(content)
    assert {path.suffix for path in (small_run.folder / "trials").iterdir()} <= {".json", ".safetensors"}


# ---------------------------------------------------------------------- the library


def test_the_record_of_a_run_shows_itself_in_a_notebook(small_run: SmallRun) -> None:
    run = paragone.load(small_run.folder)
    assert run == read_run(small_run.folder)
    shown = run._repr_html_()
    assert shown.startswith("<iframe")
    assert "jane-telltale" not in shown


def test_the_library_compares(small_run: SmallRun, monkeypatch: pytest.MonkeyPatch) -> None:
    shorten_timing(monkeypatch)
    monkeypatch.chdir(small_run.program.folder)
    with pytest.raises(paragone.InputError, match="no file nowhere"):
        paragone.compare("torch_side.py", Path("nowhere.py"), data="data.py:points")
    run = paragone.compare("torch_side.py", Path("jax_side.py"), data="data.py:points", out="small", steps=5)
    assert run.proof is not None
    assert run.proof.verdict == small_run.record["proof"]["verdict"]
    assert (small_run.folder / "run.json").is_file()


# ---------------------------------------------------------------------- no code from files


def test_no_pickle_and_no_evaluation_of_text() -> None:
    """The one `exec` is that of the side itself, in its worker."""
    found = set()
    for path in Path(paragone.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found |= {(path.name, word) for word in dangers(node)}
    assert found == {("execute.py", "exec")}


def dangers(node: ast.AST) -> list[str]:
    banned = {"pickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"}
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names if alias.name.split(".")[0] in banned]
    if isinstance(node, ast.ImportFrom):
        return [node.module] if (node.module or "").split(".")[0] in banned else []
    if isinstance(node, ast.Call):
        called = [node.func.id] if isinstance(node.func, ast.Name) and node.func.id in {"eval", "exec"} else []
        pickled = [
            word.arg
            for word in node.keywords
            if word.arg in {"allow_pickle", "shell"}
            and not (isinstance(word.value, ast.Constant) and not word.value.value)
        ]
        return called + pickled
    return []
