"""Files of unusual tasks: clean, short lines, no summand or option for nothing, and a reason for each departure."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from tests.task.test_bad_tasks import GOOD
from tests.task.unusual_tasks import laid_out

from paragone.errors import InputError
from paragone.show import Wish, save, shown_task
from paragone.sides.write.text import MARK
from paragone.sides.write.write import write_side
from paragone.spelling.site import FIDELITIES, Fidelity
from paragone.task.check import check_task
from paragone.task.read import parse_task

LONGEST = 88
RULES = ("--isolated", "--no-cache", "--line-length", str(LONGEST))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The text of every file by TASK-FIDELITY/FILE, written in a folder that is not the task's own."""
    home, out = tmp_path_factory.mktemp("tasks"), tmp_path_factory.mktemp("sides")
    for path in laid_out(home):
        for fidelity in FIDELITIES:
            save(shown_task(Wish(str(path), fidelity)), out / f"{path.stem}-{fidelity}")
    return {f"{one.parent.name}/{one.name}": one.read_text(encoding="utf-8") for one in sorted(out.glob("*/*.py"))}


def written(framework: str, fidelity: Fidelity = "matched", **changed: Any) -> str:
    """A side of the small good task with other sections."""
    return write_side(check_task(parse_task({**tomllib.loads(GOOD), **changed})), framework, fidelity).text


def test_no_mark_of_ours_is_left_where_a_line_has_two_comments(files: dict[str, str]) -> None:
    assert any(re.search(r"# \(batch, .*\); A1$", text, re.M) for text in files.values())
    assert not [name for name, text in files.items() if MARK in text]


def test_the_arrays_of_training_and_test_stand_under_each_other(files: dict[str, str]) -> None:
    text = files["three-in-three-out-plain/torch_side.py"]
    assert re.search(r"    return \(\n        \(x0\[train\], .*\),\n        \(x0\[test\], .*\),\n    \)\n", text)
    assert "    return (x[train], y[train]), (x[test], y[test])\n" in files["odd-sizes-plain/torch_side.py"]


def test_no_line_is_too_long(files: dict[str, str]) -> None:
    long = {name: [line for line in text.splitlines() if len(line) > LONGEST] for name, text in files.items()}
    assert not {name: lines for name, lines in long.items() if lines}
    plateau = {"kind": "plateau", "every": 2}
    assert max(map(len, written("tensorflow", schedule=plateau).splitlines())) <= LONGEST


def test_ruff_finds_nothing_idle(files: dict[str, str], tmp_path: Path) -> None:
    for name, text in files.items():
        (tmp_path / name.replace("/", "_")).write_text(text, encoding="utf-8")
    ruff = Path(sys.executable).with_name("ruff")
    words = [ruff, "check", *RULES, "--select", "F,E,W,I", tmp_path]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("optimizer", "framework", "reason"),
    [
        ({"kind": "adam"}, "tensorflow", "# E2: epsilon is 1e-7 by default in Keras."),
        ({"kind": "adamw"}, "tensorflow", "# E5: weight_decay is 0.004 by default in Keras."),
        ({"kind": "adamw"}, "tensorflow", "# E3: Keras would round a decay in Python's numbers to float32."),
        ({"kind": "adamw"}, "jax", "# E5: weight_decay is 0.0001 by default in Optax."),
        ({"kind": "adadelta"}, "tensorflow", "# E13: rho is 0.95 and epsilon is 1e-7 by default in Keras."),
        ({"kind": "rmsprop"}, "jax", "# E11: epsilon is 1e-8 by default in Optax."),
        ({"kind": "adamax"}, "torch", "# E9: learning_rate is 0.002 by default in PyTorch."),
    ],
)
def test_a_matched_optimizer_says_why_it_departs_from_the_default(
    optimizer: dict[str, Any], framework: str, reason: str
) -> None:
    assert f"\n{reason}\n" in written(framework, optimizer=optimizer)
    assert "by default" not in written(framework, "plain", optimizer=optimizer)


def test_a_plain_side_brings_what_the_framework_refuses() -> None:
    low = written("torch", "plain", optimizer={"kind": "adafactor", "clip_threshold": 0.5})
    assert "# E17: PyTorch's own takes no clipping threshold below 1.\nclass KernelAdafactor" in low
    assert "optimizer = KernelAdafactor(model.parameters(), d=0.5)" in low
    own = written("torch", "plain", optimizer={"kind": "adafactor", "clip_threshold": 1.5})
    assert "optimizer = torch.optim.Adafactor(model.parameters(), d=1.5)" in own


def test_a_default_is_written_as_the_files_write_numbers() -> None:
    layers = [{"name": "pixels", "kind": "flatten"}, {"name": "normed", "kind": "layer_norm"}]
    model = {**tomllib.loads(GOOD)["model"], "layers": [*layers, {"name": "logits", "kind": "dense", "units": 3}]}
    assert "# B9: epsilon is 1e-6 by default in Flax." in written("jax", model=model)


def test_what_the_task_names_needs_no_reason() -> None:
    assert "by default" not in written("tensorflow", optimizer={"kind": "adam", "epsilon": 1e-8})
    scheduled = written("torch", optimizer={"kind": "adamax"}, schedule={"kind": "constant"})
    assert "E9: learning_rate is 0.002" in scheduled


def test_penalties_are_added_up_only_where_there_are_some(files: dict[str, str]) -> None:
    model = tomllib.loads(GOOD)["model"]
    model["layers"][1]["l2"] = 0.1
    twice = [{"kind": "sparse_categorical_crossentropy"}, {"kind": "sparse_categorical_crossentropy", "weight": 0.5}]
    assert "sum(self.losses)" in written("tensorflow", model=model, loss=twice)
    assert "def compute_loss" in files["three-in-three-out-matched/keras_side.py"]
    assert "self.losses" not in files["three-in-three-out-matched/keras_side.py"]


def test_the_default_gain_of_an_orthogonal_start_is_not_said(files: dict[str, str]) -> None:
    assert (
        'nn.init.orthogonal_(self.get_parameter("mid.weight_hh_l0"))' in files["recurrent-stack-matched/torch_side.py"]
    )


def test_smoothed_probabilities_are_not_called_class_numbers() -> None:
    targets = [{"name": "share", "shape": [3]}]
    loss = {"kind": "categorical_crossentropy", "label_smoothing": 0.1}
    assert "# D18: the gradient of TensorFlow's own" in written("tensorflow", targets=targets, loss=loss)


def test_a_side_brings_its_data_and_runs_from_any_folder(tmp_path: Path) -> None:
    task = next(path for path in laid_out(tmp_path / "task") if path.stem == "two-losses")
    for folder in (tmp_path / "out", task.parent):  # also where the data is already
        save(shown_task(Wish(str(task), "matched", ("torch",))), folder)
    task.with_suffix(".npz").rename(tmp_path / "elsewhere")
    words = [sys.executable, "-I", str(tmp_path / "out" / "torch_side.py")]
    done = subprocess.run(words, cwd="/", env=dict(os.environ), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert re.search(r"^test loss: -?\d+\.\d{4}$", done.stdout, re.M), "with no metric the loss is told"
    assert str(tmp_path) not in (tmp_path / "out" / "torch_side.py").read_text(encoding="utf-8")


def test_a_function_of_a_file_is_looked_for_beside_the_task(tmp_path: Path) -> None:
    text = "import numpy as np\ndef points():\n    return np.zeros((20, 8, 8, 1), 'float32'), np.arange(20) % 3\n"
    (tmp_path / "points.py").write_text(text, encoding="utf-8")
    (tmp_path / "my.toml").write_text(GOOD.replace('"digits"', '"points.py:points"'), encoding="utf-8")
    shown = shown_task(Wish(str(tmp_path / "my.toml"), "plain", ("torch",)))
    assert str(tmp_path / "points.py") in shown.sides[0].code


def _shared_norms(second: str) -> dict[str, Any]:
    layers = [
        {"name": "pixels", "kind": "flatten"},
        {"name": "one", "kind": "dense", "units": 4},
        {"name": "norm", "kind": "batch_norm"},
        {"name": "two", "kind": "dense", "units": 4, "input": second},
        {"name": "norm_two", "kind": "batch_norm", "shares": "norm"},
        {"name": "both", "kind": "add", "input": ["norm", "norm_two"]},
        {"name": "logits", "kind": "dense", "units": 3},
    ]
    return {"inputs": tomllib.loads(GOOD)["model"]["inputs"], "layers": layers}


def test_keras_is_not_asked_for_an_order_of_running_statistics_that_it_chooses_itself() -> None:
    with pytest.raises(InputError, match="which of 'norm' and 'norm_two' moves their running statistics first"):
        written("tensorflow", model=_shared_norms("pixels"))
    assert "norm_layer" in written("tensorflow", model=_shared_norms("norm"))
    assert "norm_layer" in written("tensorflow", "plain", model=_shared_norms("pixels"))
    assert "self.norm(" in written("torch", model=_shared_norms("pixels"))


def test_the_share_of_targets_that_count_is_in_the_precision_of_the_outputs() -> None:
    loss = {"kind": "sparse_categorical_crossentropy", "ignore_index": 0}
    assert "counted = (target != ignored).astype(output.dtype)" in written("jax", loss=loss)
