"""The pairs and the bad files are what their `expect.toml` says, as far as that is seen without a framework."""

from __future__ import annotations

import ast
import runpy
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

HERE = Path(__file__).parent
PAIRS = sorted(path.parent for path in HERE.glob("pairs/*/expect.toml"))
BAD: dict[str, dict[str, Any]] = tomllib.loads((HERE / "bad" / "expect.toml").read_text(encoding="utf-8"))
DATA = runpy.run_path(str(HERE / "pairs" / "data.py"))
UNREADABLE = {"syntax_error", "not_utf8"}


def first_line(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace").split("\n")[0]


@pytest.mark.parametrize("folder", PAIRS, ids=lambda folder: folder.name)
def test_a_pair_has_the_files_and_the_verdict_that_it_names(folder: Path) -> None:
    expect = tomllib.loads((folder / "expect.toml").read_text(encoding="utf-8"))
    assert expect["verdict"] in {"same", "different"}
    assert expect["data"] in {"digits", "waves", "regression.npz", "binary.npz"}
    assert set(expect["files"]) <= {path.name for path in folder.iterdir()}
    assert not set(expect["causes"]) & set(expect["not_causes"])
    assert (expect["verdict"] == "different") or not expect["causes"]
    for path in folder.glob("*.py"):
        ast.parse(path.read_text(encoding="utf-8"))
        assert first_line(path).startswith("# "), f"{path.name} does not say what it is"


def test_every_bad_file_has_an_expectation_and_says_what_it_is() -> None:
    files = {path.stem: path for path in HERE.glob("bad/*.py")}
    assert set(files) == set(BAD)
    for name, path in files.items():
        assert name == "empty" or first_line(path).startswith("# ")


@pytest.mark.parametrize("name", sorted(set(BAD) - UNREADABLE))
def test_a_bad_file_is_python_and_its_line_exists(name: str) -> None:
    code = (HERE / "bad" / f"{name}.py").read_text(encoding="utf-8")
    ast.parse(code)
    assert BAD[name].get("line", 1) <= len(code.splitlines()) + 1


def test_a_file_with_a_syntax_error_names_the_line_that_is_expected() -> None:
    with pytest.raises(SyntaxError) as caught:
        ast.parse((HERE / "bad" / "syntax_error.py").read_text(encoding="utf-8"))
    assert caught.value.lineno == BAD["syntax_error"]["line"]


@pytest.mark.parametrize(("name", "width"), [("regression.npz", 8), ("binary.npz", 12)])
def test_the_generated_data_is_the_same_each_time(tmp_path: Path, name: str, width: int) -> None:
    (tmp_path / "again").mkdir()
    first, again = (dict(np.load(DATA["write"](name, folder))) for folder in (tmp_path, tmp_path / "again"))
    assert first["x"].shape == (400, width)
    assert first["y"].shape == (400, 1)
    assert first["x"].dtype == first["y"].dtype == np.float32
    assert all(np.array_equal(first[key], again[key]) for key in ("x", "y"))
    assert (name == "binary.npz") == set(np.unique(first["y"])).issubset({0.0, 1.0})
