"""What XLA compiles is kept where it is told to, and a deep model runs as costs less."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from paragone.frameworks.jax.compiled import op_by_op

KEEPS = """
import sys
import jax
from paragone.frameworks.jax.compiled import keep_compiled
keep_compiled(sys.argv[1])
print(float(jax.jit(lambda x: x * 2.0 + 1.0)(3.0)))
"""


def kept(folder: Path | str, **environment: str) -> None:
    known = {name: value for name, value in os.environ.items() if not name.startswith("JAX_")}
    command = [sys.executable, "-c", KEEPS, str(folder)]
    done = subprocess.run(command, env=known | environment, capture_output=True, text=True, check=True)
    assert done.stdout == "7.0\n"


def test_what_is_compiled_is_kept_in_the_folder_however_quick_it_was(tmp_path: Path) -> None:
    kept(tmp_path / "compiled")
    found = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "compiled").glob("*-cache")}
    assert found
    kept(tmp_path / "compiled")
    assert {path.name: path.stat().st_mtime_ns for path in (tmp_path / "compiled").glob("*-cache")} == found


def test_a_cache_that_the_user_asked_for_is_left_alone(tmp_path: Path) -> None:
    kept(tmp_path / "compiled", JAX_COMPILATION_CACHE_DIR=str(tmp_path / "own"))
    assert not (tmp_path / "compiled").exists()


@pytest.mark.parametrize(
    ("forms", "times", "by_operation"), [(1, 1000, True), (20, 5, True), (80, 1, False), (30, 2, False), (1, 40, False)]
)
def test_layers_of_few_forms_run_operation_by_operation(forms: int, times: int, by_operation: bool) -> None:
    one = [SimpleNamespace(kind="dense", input_shape=(4,), output_shape=(n,)) for n in range(forms)] * times
    assert op_by_op(cast(Any, one)) is by_operation
