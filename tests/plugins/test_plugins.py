"""Packages outside of this one bring a layer, and a framework that writes sides: examples, installed for a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parent / "example"
METADATA = "Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
TASK = """
[data]
source = "digits"

[[model.inputs]]
name = "image"
shape = [28, 28, 1]

[[model.layers]]
name = "pixels"
kind = "flatten"

[[model.layers]]
name = "bent"
kind = "snake"
frequency = 2.0

[[model.layers]]
name = "logits"
kind = "dense"
units = 10

[[targets]]
name = "digit"
kind = "int"

[loss]
kind = "sparse_categorical_crossentropy"

[optimizer]
kind = "sgd"
"""


def install(folder: Path, module: str, points: str) -> dict[str, str]:
    """The environment of a process in which an example is an installed package."""
    home = folder / f"{module}-1.0.dist-info"
    home.mkdir()
    (folder / f"{module}.py").write_text((EXAMPLES / f"{module}.py").read_text())
    (home / "METADATA").write_text(METADATA.format(name=module))
    (home / "entry_points.txt").write_text(points)
    return {**os.environ, "PYTHONPATH": str(folder)}


def show(task: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "paragone.cli", "show", task, "--json"]
    return subprocess.run(words, capture_output=True, text=True, timeout=120, env=environment, check=False)


def test_a_package_brings_a_layer(tmp_path: Path) -> None:
    environment = install(tmp_path, "snake_layer", "[paragone.layers]\nsnake = snake_layer:LAYER\n")
    (tmp_path / "task.toml").write_text(TASK)
    done = show(str(tmp_path / "task.toml"), environment)
    assert done.returncode == 0, done.stderr
    codes = {side["framework"]: side["code"] for side in json.loads(done.stdout)["sides"]}
    assert "x + torch.sin(2.0 * x).square() / 2.0" in codes["torch"]
    for framework, code in codes.items():
        (tmp_path / f"{framework}_side.py").write_text(code)
        ran = subprocess.run(
            [sys.executable, "-c", f"import {framework}_side; print({framework}_side.model)"],
            capture_output=True, text=True, timeout=300, cwd=tmp_path, check=False,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr


def test_a_package_brings_a_framework_that_writes_sides(tmp_path: Path) -> None:
    spellings = "[paragone.spellings]\nplain = plain_numpy:SPELLINGS\n"
    points = f"[paragone.frameworks]\nplain = plain_numpy:DESCRIPTOR\n{spellings}"
    environment = install(tmp_path, "plain_numpy", points)
    done = show("digits-mlp", environment)
    assert done.returncode == 0, done.stderr
    codes = {side["framework"]: side["code"] for side in json.loads(done.stdout)["sides"]}
    assert set(codes) == {"jax", "tensorflow", "torch", "plain_numpy"}
    (tmp_path / "side.py").write_text(codes["plain_numpy"])
    words = [sys.executable, "side.py"]
    ran = subprocess.run(words, capture_output=True, text=True, timeout=120, cwd=tmp_path, check=False)
    assert ran.returncode == 0, ran.stderr
    assert float(ran.stdout.split()[-1]) > 0.5


def test_a_framework_that_lacks_a_word_says_so(tmp_path: Path) -> None:
    points = "[paragone.frameworks]\nplain = plain_numpy:DESCRIPTOR\n"
    done = show("digits-mlp", install(tmp_path, "plain_numpy", points))
    assert done.returncode == 2
    assert "cannot be written in plain NumPy" in done.stderr


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ("[paragone.layers]\nx = nowhere:LAYER\n", "ModuleNotFoundError"),
        ("[paragone.layers]\nx = snake_layer:WRONG\n", "an object of type str"),
        ("[paragone.layers]\nx = snake_layer:TAKEN\n", "the name 'dense', which is taken"),
        ("[paragone.spellings]\nx = snake_layer:WRONG\n", "an object of type str"),
    ],
)
def test_a_plugin_that_cannot_be_used_is_bad_input(tmp_path: Path, points: str, said: str) -> None:
    done = show("digits-mlp", install(tmp_path, "snake_layer", points))
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
