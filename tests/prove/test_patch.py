"""The patch of a proof, applied, makes the sides the same: proven again."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from paragone.prove.scope import Scope
from paragone.records import Proof

from .harness import PAIRS, data_source, prove_files

STEPS = 6
FIRST_TASK = PAIRS.parents[2] / "examples" / "first_task"
CASES = {
    "first_task": (FIRST_TASK, ("keras_side.py", "torch_side.py", "jax_side.py"), "digits"),
    "cnn_batch_norm": (PAIRS / "cnn_batch_norm", ("keras_side.py", "torch_side.py"), "digits"),
    "layer_norm_gelu": (PAIRS / "layer_norm_gelu", ("keras_side.py", "jax_side.py"), "digits"),
    "binary_adamw": (PAIRS / "binary_adamw", ("keras_side.py", "torch_side.py"), data_source("binary.npz")),
    "double_softmax": (PAIRS / "double_softmax", ("jax_side.py", "torch_side.py"), "digits"),
    "regression_mse": (PAIRS / "regression_mse", ("torch_side.py", "jax_side.py"), data_source("regression.npz")),
    "one_file": (PAIRS / "one_file", ("lesson.py",), "digits"),
}


def proven(files: list[Path], data: str, folder: Path) -> Proof:
    folder.mkdir()
    return prove_files(files, data, folder, steps=STEPS, scope=Scope(worth=False))


@pytest.mark.parametrize("name", CASES)
def test_the_patched_sides_are_the_same(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, names, data = CASES[name]
    files = [Path(shutil.copy(home / file, tmp_path)) for file in names]
    monkeypatch.chdir(tmp_path)
    first = proven(files, data, tmp_path / "first")
    assert first.verdict == "different"
    assert first.patch is not None
    assert first.patch.left == ()
    assert {cause.trap for pair in first.pairs for cause in pair.causes} == {
        fixed.partition(" in ")[0] for fixed in first.patch.fixed
    }
    assert all(cause.fix and cause.fix.exact for pair in first.pairs for cause in pair.causes)
    subprocess.run(["patch", "-p1"], input=first.patch.diff, text=True, check=True, capture_output=True)
    again = proven(files, data, tmp_path / "again")
    assert again.verdict == "same", [(pair.a, pair.b, pair.unexplained, pair.causes) for pair in again.pairs]
    assert again.patch is None
