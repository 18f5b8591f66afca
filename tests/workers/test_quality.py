"""Training until it is good enough, with real workers: the same training in every framework and on both tracks."""

from __future__ import annotations

from pathlib import Path

import pytest

from paragone.measure.sets import Contender
from paragone.measure.stage import worker_in
from paragone.sides.from_task import task_sides, write_files
from paragone.task.data.load import load_data
from paragone.workers.spawn import WorkerSpec

TASK = """
title = "Digits with a schedule"
about = "The learning rate falls to a tenth after the first epoch."

[data]
source = "digits"

[[model.inputs]]
name = "image"
shape = [28, 28, 1]

[[model.layers]]
name = "pixels"
kind = "flatten"

[[model.layers]]
name = "hidden"
kind = "dense"
units = 32

[[model.layers]]
name = "norm"
kind = "batch_norm"

[[model.layers]]
name = "bent"
kind = "relu"

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
kind = "adam"
learning_rate = 0.05

[schedule]
kind = "step"
every = 44
factor = 0.1
"""


def courses(folder: Path, name: str, track: str, epochs: int) -> dict[str, list[float]]:
    """The accuracy after each epoch, by framework."""
    task = task_sides(name, "matched", folder)
    write_files(task.sides)
    data = folder / "data.safetensors"
    load_data(task.data, seed=0).save(data)
    found = {}
    for side in task.sides:
        spec = WorkerSpec(
            side.name,
            side.framework,
            str(side.path),
            dtype="float64",  # in which no rounding grows along the way
            data=str(data),
            weight_map=side.weight_map,
        )
        with worker_in(folder)(Contender(side.name, track, spec)) as worker:
            start = str(folder / "start.safetensors")
            worker.call("time_until", track=track, seed=5, metric="loss", start=start)
            told = [worker.call("time_until_epoch") for _ in range(epochs)]
            assert all(one["train_s"] > 0 and one["evaluate_s"] > 0 for one in told)
            found[side.framework] = [one["value"] for one in told]
    return found


@pytest.mark.parametrize("track", ["idiomatic", "tuned"])
def test_every_framework_goes_the_same_way_with_its_schedule(tmp_path: Path, track: str) -> None:
    """The same start, the same order of samples in every epoch, and the learning rate a tenth after the first."""
    task = tmp_path / "scheduled.toml"
    task.write_text(TASK)
    found = courses(tmp_path, str(task), track, epochs=3)
    assert set(found) == {"tensorflow", "torch", "jax"}
    for course in found.values():
        assert course == pytest.approx(found["torch"], rel=1e-6)
        assert len(set(course)) == 3
