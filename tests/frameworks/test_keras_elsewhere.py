"""Keras on PyTorch and on JAX: the same task as on TensorFlow, proven, taken apart, timed, refused where it must be."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from paragone.errors import InputError
from paragone.measure.beyond import Asked, beyond
from paragone.measure.plan import Pace
from paragone.measure.sets import Contender, run_set
from paragone.measure.stage import worker_in
from paragone.options import CompareOptions
from paragone.progress import Silent
from paragone.records import Run
from paragone.run import prove_run
from paragone.sides.backends import also_on
from paragone.sides.from_task import task_sides, write_files
from paragone.sides.scan import scan_sides
from paragone.task.data.load import load_data
from paragone.workers.spawn import WorkerSpec

FIRST_TASK = Path(__file__).resolve().parents[2] / "examples" / "first_task"
KERAS = """
import os

os.environ["KERAS_BACKEND"] = "BACKEND"

import keras
from keras import layers

inputs = keras.Input((4,))
x = layers.Dense(6)(inputs)
x = layers.BatchNormalization()(x)
x = keras.ops.tanh(x)
model = keras.Model(inputs, layers.Dense(3)(x))
model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
"""
DATA = """
import numpy as np


def points():
    dice = np.random.default_rng(0)
    x = dice.normal(size=(120, 4)).astype("float32")
    return x, (x[:, 0] > 0).astype(int) + (x[:, 1] > 0)
"""


def proven(folder: Path, *files: str, **options: Any) -> Run:
    (folder / "data.py").write_text(DATA, encoding="utf-8")
    given: dict[str, Any] = {"history": False, "out": folder / "run", "steps": 20, "worth": False, **options}
    sides = tuple(str(folder / name) for name in files)
    return prove_run(CompareOptions(sides=sides, data=f"{folder}/data.py:points", **given), Silent())


def test_one_file_is_the_same_task_on_every_backend_but_for_what_tensorflow_rounds(tmp_path: Path) -> None:
    (tmp_path / "side.py").write_text(KERAS.replace('os.environ["KERAS_BACKEND"] = "BACKEND"\n', ""), encoding="utf-8")
    rungs = ("structure", "forward", "loss", "gradients", "step", "trajectory")
    run = proven(tmp_path, "side.py", keras_backend=("torch", "jax"), rungs=rungs)
    assert run.proof is not None
    found = {(pair.a, pair.b): [cause.trap for cause in pair.causes] for pair in run.proof.pairs}
    assert found == {
        ("tensorflow", "keras-on-torch"): ["adam-float32-betas"],
        ("tensorflow", "keras-on-jax"): ["adam-float32-betas"],
        ("keras-on-torch", "keras-on-jax"): [],
    }
    assert {pair.verdict for pair in run.proof.corrected} == {"same"}
    assert {one.name: (one.framework, one.backend, one.status) for one in run.sides} == {
        "tensorflow": ("tensorflow", "tensorflow", "ok"),
        "keras-on-torch": ("tensorflow", "torch", "ok"),
        "keras-on-jax": ("tensorflow", "jax", "ok"),
    }
    packages = {one.name: set(one.packages) for one in run.sides}
    assert packages["keras-on-torch"] == {"keras", "torch"} and "jax" in packages["keras-on-jax"]


@pytest.mark.parametrize("backend", ["torch", "jax"])
def test_a_difference_is_found_named_and_mended_there(tmp_path: Path, backend: str) -> None:
    own = KERAS.replace("BACKEND", backend)
    (tmp_path / "one.py").write_text(own.replace("keras.ops.tanh(x)", "keras.ops.relu(x)"), encoding="utf-8")
    (tmp_path / "other.py").write_text(
        own.replace(backend, "tensorflow", 1).replace("BatchNormalization()", "BatchNormalization(epsilon=0.1)"),
        encoding="utf-8",
    )
    run = proven(tmp_path, "one.py", "other.py", rungs=("structure", "forward", "loss"))
    assert run.proof is not None
    (pair,), (corrected,) = run.proof.pairs, run.proof.corrected
    assert {cause.trap for cause in pair.causes} == {"activation", "batch-norm-epsilon"}
    assert (corrected.verdict, pair.unexplained) == ("same", "")


@pytest.mark.parametrize("backend", ["torch", "jax"])
def test_it_is_a_contender_like_any_other(tmp_path: Path, backend: str) -> None:
    data = tmp_path / "data.safetensors"
    load_data("digits", seed=0).save(data)
    spec = WorkerSpec(
        "keras", "tensorflow", str(FIRST_TASK / "keras_side.py"), data=str(data), threads=1, backend=backend
    )
    one, launch = Contender("keras", "idiomatic", spec), worker_in(tmp_path)
    short = Pace(block_s=0.01, warmup_s=0.05, timed_s=0.05)

    calls = partial(beyond, pace=short, launch=launch, asked=Asked((1, 64), epoch=True))
    record = run_set(0, [one], pace=Pace(warmup_s=0.3, timed_s=0.4), seed=0, launch=launch, after=calls)
    assert record.failed == {} == record.beyond_failed
    timed = record.contenders["keras/idiomatic"]
    assert all(step > 0 for step in timed.block_step_s)


def test_it_goes_the_same_way_as_the_others(tmp_path: Path) -> None:
    """Trained over two epochs in the same orders, the loss of the test set is the same after each."""
    task = task_sides("digits-mlp", "matched", tmp_path)
    write_files(task.sides)
    load_data(task.data, seed=0).save(tmp_path / "data.safetensors")
    found = {}
    for side in also_on([one for one in task.sides if one.framework == "tensorflow"], ("torch", "jax")):
        spec = WorkerSpec(
            side.name,
            side.framework,
            str(side.path),
            dtype="float64",
            data=str(tmp_path / "data.safetensors"),
            weight_map=side.weight_map,
            backend=side.backend,
        )
        with worker_in(tmp_path)(Contender(side.name, "idiomatic", spec)) as worker:
            start = str(tmp_path / "start.safetensors")
            worker.call("time_until", track="idiomatic", seed=5, metric="loss", start=start)
            found[side.name] = [worker.call("time_until_epoch")["value"] for _ in range(2)]
    assert found["keras-on-torch"] == pytest.approx(found["tensorflow"], rel=1e-6)
    assert found["keras-on-jax"] == pytest.approx(found["tensorflow"], rel=1e-6)


@pytest.mark.parametrize(
    ("line", "framework", "backend"),
    [
        ('os.environ["KERAS_BACKEND"] = "jax"', "tensorflow", "jax"),
        ('os.environ.setdefault("KERAS_BACKEND", "torch")\nimport torch', "tensorflow", "torch"),
        ('os.environ["KERAS_BACKEND"] = "tensorflow"', "tensorflow", ""),
        ('os.environ["OTHER"] = "jax"', "tensorflow", ""),
    ],
)
def test_a_file_says_its_backend(tmp_path: Path, line: str, framework: str, backend: str) -> None:
    (tmp_path / "a.py").write_text(f"import os\n{line}\nimport keras\n", encoding="utf-8")
    (side,) = scan_sides((str(tmp_path / "a.py"),), least=1)
    assert (side.framework, side.backend) == (framework, backend)
    assert side.name == (f"keras-on-{backend}" if backend else framework)


def test_what_cannot_run_elsewhere_is_refused(tmp_path: Path) -> None:
    for name, text in (("a.py", "import keras\nimport tensorflow as tf\n"), ("b.py", "import torch\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    sides = scan_sides((str(tmp_path / "a.py"), str(tmp_path / "b.py")))
    with pytest.raises(InputError, match="uses TensorFlow itself"):
        also_on(sides, ("jax",))
    with pytest.raises(InputError, match="no side that can run on another backend"):
        also_on([one for one in sides if one.framework == "torch"], ("jax",))
    with pytest.raises(InputError, match="--keras-backend"):
        CompareOptions(sides=("a.py",), keras_backend=("theano",))
