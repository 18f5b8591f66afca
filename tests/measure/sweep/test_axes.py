"""What a size changes: of a task its numbers, its layers, its data."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from paragone.errors import InputError
from paragone.measure.sweep.axes import Setting
from paragone.measure.sweep.wish import wish
from paragone.task.check import check_task
from paragone.task.read import read_task
from paragone.task.schema import Task

ONES = {name: np.ones((3, 40), dtype=np.int64) for name in ("x", "y", "x_test", "y_test")}


def at(text: str, size: int, task: str | None = "digits-mlp", arrays: Any = None) -> Setting:
    given = Setting(32, 1, read_task(task) if task else None, arrays or {})
    return wish(f"{text}={size},{size + 1}").axis.at(given, text, size)


def changed(text: str, size: int, task: str = "digits-mlp", arrays: Any = None) -> Task:
    found = at(text, size, task, arrays).task
    assert found is not None
    check_task(found)
    return found


def test_batch_and_threads_change_nothing_else() -> None:
    assert at("batch", 8).batch_size == 8
    assert at("threads", 4).threads == 4
    assert at("batch", 8).task == at("threads", 4).task == read_task("digits-mlp")


def test_a_number_of_a_layer_is_changed_and_the_task_still_fits() -> None:
    graph = check_task(changed("hidden.units", 16)).graph
    assert graph.node("hidden").output.shape == (16,)
    assert graph.node("logits").output.shape == (10,)


def test_numbers_that_must_agree_are_changed_together() -> None:
    wider = "embedded.units+narrow1.units+narrow2.units"
    assert check_task(changed(wider, 24, "text-gpt")).graph.node("block2").output.shape == (40, 24)
    alone = at("narrow1.units", 24, "text-gpt").task
    assert alone is not None
    with pytest.raises(InputError):
        check_task(alone)


@pytest.mark.parametrize("size", [1, 3])
def test_a_layer_stands_in_a_row_and_what_followed_it_follows_the_last(size: int) -> None:
    graph = check_task(changed("hidden.depth", size)).graph
    names = [node.name for node in graph.nodes]
    assert names == ["pixels", "hidden", *(f"hidden_{place}" for place in range(2, size + 1)), "logits"]
    assert graph.node("logits").inputs == (names[-2],)


def test_a_sequence_becomes_longer_with_its_data_and_its_targets() -> None:
    ramp = {name: np.tile(np.arange(40), (3, 1)) for name in ONES}
    found = at("length", 50, "text-gpt", ramp)
    assert found.task is not None
    assert check_task(found.task).graph.inputs["characters"].shape == (50,)
    assert found.task.targets[0].shape == (50,)
    for array in found.arrays.values():
        assert array.shape == (3, 50)
        assert array[0].tolist() == [*range(40), *range(10)]
    assert at("length", 8, "text-gpt", ramp).arrays["y_test"].shape == (3, 8)


def test_inputs_and_targets_that_are_no_sequence_stay() -> None:
    shapes = {"x0": (3, 32, 1), "x1": (3, 1), "y0": (3,), "y1": (3, 1)}
    found = at("length", 16, "waves", {name: np.zeros(shape) for name, shape in shapes.items()})
    assert found.arrays["x0"].shape == (3, 16, 1)
    assert {name: found.arrays[name].shape for name in ("x1", "y0", "y1")} == {
        name: shapes[name] for name in ("x1", "y0", "y1")
    }


@pytest.mark.parametrize(
    ("text", "task", "says"),
    [
        ("hidden.units", None, "these sides are files"),
        ("hiden.units", "digits-mlp", "did you mean hidden?"),
        ("hidden.unit", "digits-mlp", "did you mean units?"),
        ("pixels.units", "digits-mlp", "'pixels' has none"),
        ("nobody.depth", "digits-mlp", "no layer 'nobody'"),
        ("length", "digits-mlp", "no sequences of one length"),
    ],
)
def test_what_is_not_there_is_refused(text: str, task: str | None, says: str) -> None:
    with pytest.raises(InputError, match=r"--sweep") as refused:
        at(text, 8, task)
    assert says in str(refused.value)
