"""What a framework lacks to write a format: told, and installed beside the side's own packages where that was asked."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from paragone.deploy import stage
from paragone.deploy.writing import environment_for, place_for
from paragone.options import CompareOptions
from paragone.progress import Silent
from paragone.records import Artifact
from paragone.run import deploy_run

from .conftest import sides_in


def wheel(folder: Path) -> None:
    """A package that no index has."""
    folder.mkdir()
    about = "tiny_writer-1.0.dist-info"
    with zipfile.ZipFile(folder / "tiny_writer-1.0-py3-none-any.whl", "w") as made:
        made.writestr("tiny_writer.py", "")
        made.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: tiny-writer\nVersion: 1.0\n")
        made.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        made.writestr(f"{about}/RECORD", "")


def written(folder: Path, side: str, *, install: bool) -> Artifact:
    options = CompareOptions(
        sides=(side,), data=f"{folder}/data.py:points", out=folder / "run", steps=5, to=("onnxruntime",),
        history=False, install=install, processes=1,
    )  # fmt: skip
    (cell,) = deploy_run(options, Silent()).artifacts
    return cell


def test_what_a_writer_lacks_is_installed_where_that_was_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel(tmp_path / "wheels")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))
    monkeypatch.setattr(stage, "lacking", lambda *_: ["tiny_writer"])
    side = sides_in(tmp_path)[0]
    told = written(tmp_path, side, install=False)
    assert told.verdict == "not run"
    assert "writing ONNX needs tiny-writer; paragone deploy --install" in told.why
    assert not (tmp_path / "cache" / "paragone").exists()
    cell = written(tmp_path, side, install=True)
    assert cell.verdict == "same", cell.why
    (python,) = (tmp_path / "cache").glob("paragone/environments/writes-torch-*/bin/python")
    ask = "import tiny_writer, torch; print(torch.__version__)"
    there = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=True, timeout=120).stdout
    import torch

    assert there.strip() == torch.__version__
    (log,) = (tmp_path / "run" / "logs").glob("*-export-onnx.log")
    assert "Traceback" not in log.read_text(encoding="utf-8")


def test_what_cannot_be_installed_is_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("paragone.deploy.writing.make", lambda *_: "no room")
    found = environment_for("torch", ["tiny_writer"], sys.executable, install=True, say=print)
    assert found.missing == "tiny-writer, which could not be installed: no room"
    assert place_for("torch", ["other"], sys.executable) != place_for("torch", ["tiny_writer"], sys.executable)
