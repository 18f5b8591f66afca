"""Every example runs alone, as a person would run it, without Paragone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FIRST_TASK = ROOT / "examples" / "first_task"
EVERY = sorted((ROOT / "examples").rglob("*.py"))


def run(file: Path, folder: Path) -> str:
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "2"}
    done = subprocess.run(
        [sys.executable, str(file)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", ["keras_side.py", "torch_side.py", "jax_side.py"])
def test_first_task_learns(name: str, tmp_path: Path) -> None:
    accuracy = re.search(r"test accuracy: (\d\.\d+)", run(FIRST_TASK / name, tmp_path))
    assert accuracy is not None
    assert float(accuracy[1]) > 0.75


def test_lesson_runs(tmp_path: Path) -> None:
    assert "50890 parameters" in run(ROOT / "examples" / "lesson.py", tmp_path)


@pytest.mark.parametrize("file", EVERY, ids=lambda file: str(file.relative_to(ROOT)))
def test_there_is_nothing_of_ours_in_an_example(file: Path) -> None:
    assert "paragone" not in file.read_text(encoding="utf-8").lower()
