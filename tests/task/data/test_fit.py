"""A task and its data: each way not to fit is one error with the field, both shapes and the next step."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from paragone.errors import EXIT_BAD_INPUT, InputError
from paragone.task.check import CheckedTask, check_task
from paragone.task.data.fit import check_fit
from paragone.task.data.load import load_data
from paragone.task.read import parse_task, read_task, ready_tasks

Array = np.ndarray[Any, Any]
TASK = """
[data]
source = "data.npz"

[[model.inputs]]
name = "words"
shape = [5]
kind = "int"

[[model.inputs]]
name = "numbers"
shape = [4]

[[model.inputs]]
name = "seen"
shape = [5]
kind = "bool"

[[model.layers]]
name = "turned"
kind = "reshape"
target_shape = [5]
input = "words"

[[model.layers]]
name = "vectors"
kind = "embedding"
vocabulary_size = 7
units = 2

[[model.layers]]
name = "last"
kind = "last_step"
input = ["vectors", "seen"]

[[model.layers]]
name = "together"
kind = "concatenate"
input = ["last", "numbers"]

[[model.layers]]
name = "logits"
kind = "dense"
units = 3

[[targets]]
name = "label"
kind = "int"

[[targets]]
name = "importance"

[loss]
kind = "sparse_categorical_crossentropy"
sample_weight = "importance"
ignore_index = 5

[optimizer]
kind = "sgd"
"""
RANDOM = np.random.default_rng(0)
FITTING: dict[str, Array] = {
    "x0": RANDOM.integers(0, 7, (20, 5)),
    "x1": RANDOM.standard_normal((20, 4)),
    "x2": RANDOM.integers(0, 2, (20, 5)) > 0,
    "y0": np.arange(20) % 3,
    "y1": RANDOM.random(20),
}


def task() -> CheckedTask:
    return check_task(parse_task(tomllib.loads(TASK), "my.toml"), "my.toml")


def checked(folder: Path, arrays: dict[str, Array]) -> None:
    np.savez(folder / "data.npz", **arrays)
    check_fit(task(), load_data(folder / "data.npz", seed=0).arrays, "my.toml")


def changed(name: str, change: Callable[[Array], Array]) -> dict[str, Array]:
    return {**FITTING, name: change(FITTING[name])}


def with_value(array: Array, value: int) -> Array:
    return np.where(np.arange(array.size).reshape(array.shape) == 3, value, array)


UNFIT: dict[str, tuple[dict[str, Array], str, str, str]] = {
    # arrays, words of the place, of what was received, of the next step
    "an input too few": (
        {"x0": FITTING["x0"], "x1": FITTING["x1"], "y0": FITTING["y0"], "y1": FITTING["y1"]},
        "my.toml: model.inputs",
        "x1 of shape (16, 4)",
        "x0, x1",
    ),
    "a target too few": (
        {**{name: FITTING[name] for name in ("x0", "x1", "x2")}, "y": FITTING["y0"]},
        "my.toml: targets",
        "y of shape (16,)",
        "y0, y1",
    ),
    "another shape": (
        changed("x1", lambda x: x[:, :3]),
        "my.toml: model.inputs[1].shape",
        "x1 of shape (16, 3)",
        "write shape = [3]",
    ),
    "as many numbers, another shape": (
        changed("x1", lambda x: x.reshape(20, 2, 2)),
        "my.toml: model.inputs[1].shape",
        "(2, 2) for each sample",
        "or give x1 as (samples, 4)",
    ),
    "a target with an axis": (
        changed("y1", lambda y: y[:, None]),
        "my.toml: targets[1].shape",
        "y1 of shape (16, 1)",
        "write shape = [1]",
    ),
    "whole numbers for floating ones": (
        changed("x1", lambda x: (10 * x).astype(int)),
        "my.toml: model.inputs[1].kind",
        "whole numbers",
        "float32",
    ),
    "floating numbers for whole ones": (
        changed("y0", lambda y: y + 0.5),
        "my.toml: targets[0].kind",
        "floating numbers",
        "int64",
    ),
    "whole numbers that are no classes": (
        changed("y0", lambda y: y + 5000),
        "my.toml: targets[0].kind",
        "floating numbers",
        "from 1000 up",
    ),
    "no truth values": (
        changed("x2", lambda x: x.astype(int) * 2),
        "my.toml: model.inputs[2].kind",
        "from 0 to 2",
        "zeros and ones",
    ),
    "a word too many": (
        changed("x0", lambda x: with_value(x, 7)),
        "my.toml: model.layers[1] (vectors).vocabulary_size",
        "from 0 to 7",
        "vocabulary_size = 8",
    ),
    "a word below 0": (
        changed("x0", lambda x: with_value(x, -1)),
        "layers[1] (vectors).vocabulary_size",
        "from -1 to 6",
        "from 0",
    ),
    "a class too many": (
        changed("y0", lambda y: with_value(y, 4)),
        "my.toml: loss[0].target",
        "from 0 to 4",
        "give 'logits' 5 numbers",
    ),
}


def test_data_that_fits_passes(tmp_path: Path) -> None:
    checked(tmp_path, FITTING)
    checked(tmp_path, changed("y0", lambda y: with_value(y, 5)))  # the class that does not count


@pytest.mark.parametrize("case", UNFIT)
def test_data_that_does_not_fit_is_one_clear_error(case: str, tmp_path: Path) -> None:
    arrays, place, received, step = UNFIT[case]
    with pytest.raises(InputError) as caught:
        checked(tmp_path, arrays)
    error = caught.value
    assert place in error.where, error
    assert received in error.received, error
    assert step in error.next_step, error
    assert error.expected


@pytest.mark.parametrize(("values", "fits"), [([0, 1], True), ([0, 2], False)])
def test_a_binary_loss_has_two_classes(values: list[int], *, fits: bool, tmp_path: Path) -> None:
    table = tomllib.loads(TASK)
    table["model"]["layers"][-1]["units"] = 1
    table["loss"] = {"kind": "binary_crossentropy", "target": "label"}
    arrays = {**FITTING, "y0": np.resize(values, 20)}
    np.savez(tmp_path / "data.npz", **arrays)
    loaded = load_data(tmp_path / "data.npz", seed=0).arrays
    binary = check_task(parse_task(table, "my.toml"), "my.toml")
    if fits:
        check_fit(binary, loaded, "my.toml")
    else:
        with pytest.raises(InputError, match="from 0 to 1"):
            check_fit(binary, loaded, "my.toml")


@pytest.mark.parametrize("name", ready_tasks())
def test_a_ready_task_fits_its_data(name: str) -> None:
    ready = check_task(read_task(name), name)
    check_fit(ready, load_data(ready.task.data.source, seed=0).arrays, name)


@pytest.mark.parametrize("verb", ["prove", "compare"])
def test_the_command_ends_with_the_error_before_any_framework_starts(verb: str, tmp_path: Path) -> None:
    (tmp_path / "my.toml").write_text(TASK, encoding="utf-8")
    np.savez(tmp_path / "data.npz", **UNFIT["another shape"][0])
    words = [sys.executable, "-m", "paragone.cli", verb, str(tmp_path / "my.toml"), "--out", str(tmp_path / "run")]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == EXIT_BAD_INPUT
    assert "model.inputs[1].shape" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "run").exists()


def test_show_touches_no_data(tmp_path: Path) -> None:
    (tmp_path / "my.toml").write_text(TASK, encoding="utf-8")
    np.savez(tmp_path / "data.npz", **UNFIT["another shape"][0])
    words = [sys.executable, "-m", "paragone.cli", "show", str(tmp_path / "my.toml"), "--json"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
