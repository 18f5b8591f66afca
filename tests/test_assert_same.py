"""`assert_same` in a test: silent where the sides are the same, and otherwise with the report's text."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import paragone
from paragone import InputError, NotSameError

from .conftest import TORCH, write_sides

DOCS = Path(__file__).parents[1] / "docs" / "ci.md"
STEPS = 5


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_sides(tmp_path)
    (tmp_path / "again.py").write_text(TORCH, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_same_sides_pass_give_the_record_and_leave_nothing(here: Path) -> None:
    before = sorted(path.name for path in here.iterdir())
    run = paragone.assert_same("torch_side.py", "again.py", data="data.py:points", steps=STEPS)
    assert run.proof is not None
    assert run.proof.verdict == "same"
    assert run.proof.patch is None
    assert sorted(path.name for path in here.iterdir() if path.name != "__pycache__") == before


def test_other_sides_fail_with_the_report_in_the_failure(here: Path) -> None:
    with pytest.raises(AssertionError) as caught:
        paragone.assert_same("torch_side.py", "other_side.py", data="data.py:points", steps=STEPS, out="kept")
    assert isinstance(caught.value, NotSameError)
    assert caught.value.run.proof.verdict == "different"
    text = str(caught.value)
    assert text.startswith("Same task? No.")
    assert "1. The learning rates differ: 0.1 in torch:torch_side; 0.2 in torch:other_side." in text
    assert "other_side.py, line 7:" in text
    assert "- optimizer = torch.optim.SGD(model.parameters(), lr=0.2)" in text
    assert "+ optimizer = torch.optim.SGD(model.parameters(), lr=0.1)" in text
    assert "over 6 seeds" in text
    assert "With the causes removed? The same." in text
    assert f"The page: {Path('kept') / 'report.html'}" in text
    assert "\x1b" not in text
    assert paragone.check("kept").holds


@pytest.mark.parametrize(
    ("sides", "options"),
    [
        (("torch_side.py", "absent.py"), {}),
        (("torch_side.py", "other_side.py"), {"steps": 0}),
        (("torch_side.py", "other_side.py"), {"steps": "many"}),
        (("torch_side.py", "other_side.py"), {"margins": ("accuracy=none",)}),
        (("torch_side.py", "other_side.py"), {"tolerance": 1}),
    ],
)
def test_bad_input_is_an_input_error_and_no_failed_assertion(
    here: Path, sides: tuple[str, str], options: dict[str, object]
) -> None:
    with pytest.raises(InputError):
        paragone.assert_same(*sides, data="data.py:points", **options)


def blocks(language: str) -> list[str]:
    """The pieces of code of a language on the page about CI."""
    text = DOCS.read_text(encoding="utf-8")
    return [piece.partition("\n```")[0] for piece in text.split(f"```{language}\n")[1:]]


def test_the_test_on_the_page_runs_as_it_is_written(here: Path) -> None:
    (here / "test_port.py").write_text(blocks("python")[0], encoding="utf-8")
    (here / "port.py").write_text(TORCH, encoding="utf-8")
    (here / "reference.py").write_text(TORCH, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_port.py"]
    done = subprocess.run(
        command, check=False, cwd=here, capture_output=True, text=True, timeout=500, env=dict(os.environ)
    )
    assert done.returncode == 0, done.stdout
    (here / "port.py").write_text(TORCH.replace("0.1", "0.3"), encoding="utf-8")
    done = subprocess.run(
        command, check=False, cwd=here, capture_output=True, text=True, timeout=500, env=dict(os.environ)
    )
    assert done.returncode == 1
    assert "Same task? No." in done.stdout
    assert "+ optimizer = torch.optim.SGD(model.parameters(), lr=0.1)" in done.stdout


def test_the_script_on_the_page_runs_as_it_is_written(here: Path) -> None:
    for name in ("reference.py", "port.py"):
        (here / name).write_text(TORCH if name == "reference.py" else TORCH.replace("0.1", "0.3"), encoding="utf-8")
    (here / "paragone").write_text(f'#!/bin/sh\nexec {sys.executable} -m paragone.cli "$@"\n', encoding="utf-8")
    (here / "paragone").chmod(0o755)
    environment = {**os.environ, "PATH": f"{here}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["sh", "-c", blocks("sh")[0]],
        check=False,
        cwd=here,
        capture_output=True,
        text=True,
        timeout=500,
        env=environment,
    )
    assert done.returncode == 1, done.stderr
    assert (here / "proof" / "report.html").is_file()
    patched = (here / "port.py").read_text(encoding="utf-8")
    assert "lr=0.3" in patched
    subprocess.run(["patch", "-p1", "-i", "fix.patch"], cwd=here, check=True, capture_output=True)
    assert (here / "port.py").read_text(encoding="utf-8") == TORCH
