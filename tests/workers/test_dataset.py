"""The forms in which a side is given the data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from paragone.workers.dataset import DataSet, View, targets, views

Array = np.ndarray[Any, Any]
IMAGES = np.arange(4 * 5 * 6 * 3, dtype=np.float32).reshape(4, 5, 6, 3)


def dataset(
    folder: Path, x: Array, y: Array, *, declared: tuple[str, ...] = (), n_classes: int | None = None
) -> DataSet:
    metadata = {"kind": "any", "views": json.dumps(declared), "n_classes": json.dumps(n_classes)}
    save_file({"x": x, "y": y, "x_test": x[:2], "y_test": y[:2]}, folder / "data.safetensors", metadata)
    return DataSet(folder / "data.safetensors")


def names(data: DataSet, framework: str) -> list[str]:
    return [view.name for view in views(data, framework)]


@pytest.mark.parametrize(
    ("shape", "declared", "framework", "expected"),
    [
        ((4, 8), (), "torch", ["as given"]),
        ((4, 5, 6, 3), (), "tensorflow", ["as given"]),
        ((4, 5, 6, 3), (), "torch", ["channels first", "as given"]),
        ((4, 5, 6, 1), (), "jax", ["as given", "without the channel axis"]),
        ((4, 5, 6, 1), ("flat",), "torch", ["channels first", "as given", "without the channel axis", "flat"]),
        ((4, 7, 2), (), "torch", ["as given", "channels first"]),
    ],
)
def test_the_forms_to_try_likeliest_first(
    tmp_path: Path, shape: tuple[int, ...], declared: tuple[str, ...], framework: str, expected: list[str]
) -> None:
    assert names(dataset(tmp_path, np.zeros(shape, np.float32), np.zeros(4), declared=declared), framework) == expected


def test_channels_first_moves_the_last_axis(tmp_path: Path) -> None:
    data = dataset(tmp_path, IMAGES, np.zeros(4))
    (x,), _ = data.train(View("channels first", "channels first"), slice(1, 3))
    assert x.shape == (2, 3, 5, 6)
    assert x[0, 2, 4, 1] == IMAGES[1, 4, 1, 2]
    assert x.flags.c_contiguous


def test_flat_and_without_the_channel_axis_keep_the_order(tmp_path: Path) -> None:
    grey = IMAGES[..., :1].copy()
    data = dataset(tmp_path, grey, np.zeros(4))
    (flat,), _ = data.train(View("flat", "flat"), slice(None))
    (plain,), _ = data.train(View("p", "without the channel axis"), slice(None))
    assert np.array_equal(flat, grey.reshape(4, -1))
    assert np.array_equal(plain, grey[..., 0])


def test_rows_of_inputs_and_targets_belong_together(tmp_path: Path) -> None:
    x, y = np.arange(4.0)[:, None], np.arange(4)
    data = dataset(tmp_path, x, y, n_classes=4)
    (inputs,), (target,) = data.train(View("as given", "as given"), np.array([3, 0, 2]))
    assert inputs[:, 0].tolist() == target.tolist() == [3, 0, 2]
    assert (data.n_train, data.n_test, data.n_classes, data.shapes()) == (4, 2, 4, "(4, 1)")


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("as given", [0, 2, 1]),
        ("column", [[0.0], [2.0], [1.0]]),
        ("one-hot", [[1, 0, 0], [0, 0, 1], [0, 1, 0]]),
        ("as given, as numbers", [0.0, 2.0, 1.0]),
    ],
)
def test_forms_of_targets(tmp_path: Path, form: str, expected: list[Any]) -> None:
    data = dataset(tmp_path, np.zeros((4, 2)), np.array([0, 2, 1, 1]), n_classes=3)
    _, (y,) = data.train(View("as given", "as given").with_targets(form), slice(0, 3))
    assert y.tolist() == expected


def test_a_column_is_tried_first_where_the_output_is_one(tmp_path: Path) -> None:
    data = dataset(tmp_path, np.zeros((4, 2)), np.array([0, 1, 1, 0]), n_classes=2)
    assert targets(data, [(4, 1)]) == ["column", "as given", "as given, as numbers", "one-hot"]
    assert targets(data, [(4, 2)]) == ["as given", "as given, as numbers", "one-hot"]
    (tmp_path / "numbers").mkdir()
    numbers = dataset(tmp_path / "numbers", np.zeros((4, 2)), np.zeros((4, 1)))
    assert targets(numbers, [(4, 1)]) == ["as given", "as given, as numbers"]


def test_several_inputs_come_in_their_order(tmp_path: Path) -> None:
    arrays = {f"x{i}{end}": np.full((3, 1), float(i)) for i in range(11) for end in ("", "_test")}
    save_file({**arrays, "y": np.zeros(3), "y_test": np.zeros(3)}, tmp_path / "data.safetensors")
    inputs, _ = DataSet(tmp_path / "data.safetensors").train(View("as given", "as given"), slice(0, 1))
    assert [float(x[0, 0]) for x in inputs] == list(range(11))


def test_of_several_inputs_each_may_have_another_form(tmp_path: Path) -> None:
    arrays = {"x0": IMAGES, "x1": np.zeros((4, 2), np.float32), "y": np.zeros(4)}
    about = {"kind": "any", "views": "[]", "n_classes": "null"}
    save_file(arrays | {f"{name}_test": a[:2] for name, a in arrays.items()}, tmp_path / "data.safetensors", about)
    data = DataSet(tmp_path / "data.safetensors")
    assert names(data, "torch") == ["channels first; as given", "as given"]
    assert names(data, "tensorflow") == ["as given"]
    (image, vector), _ = data.train(next(views(data, "torch")), slice(0, 3))
    assert (image.shape, vector.shape) == ((3, 3, 5, 6), (3, 2))


def test_targets_lie_as_the_outputs_do(tmp_path: Path) -> None:
    data = dataset(tmp_path, IMAGES, IMAGES)
    assert targets(data, [(4, 3, 5, 6)])[0] == "channels first"
    assert targets(data, [(4, 5, 6, 3)])[0] == "as given"
    _, (y,) = data.train(View("as given", "as given").with_targets("channels first"), slice(0, 2))
    assert y.shape == (2, 3, 5, 6)
