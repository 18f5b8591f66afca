"""The form of data, whatever its source: what is accepted, what is refused and how, the split, the saved file."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors import safe_open

from paragone.errors import InputError
from paragone.task.data import source as source_module
from paragone.task.data.load import LoadedData, load_data
from paragone.task.data.split import split
from paragone.task.data.targets import check_labels


def load(folder: Path, seed: int = 0, **arrays: np.ndarray) -> LoadedData:
    path = folder / "data.npz"
    np.savez(path, **arrays)
    return load_data(path, seed=seed)


def refuse(folder: Path, **arrays: np.ndarray) -> InputError:
    with pytest.raises(InputError) as caught:
        load(folder, **arrays)
    return caught.value


def samples(n: int = 10, features: int = 3) -> np.ndarray:
    return np.arange(n * features, dtype=np.float32).reshape(n, features)


def test_digits_are_28_by_28_images_between_0_and_1() -> None:
    data = load_data("digits", seed=0)
    assert data.arrays["x"].shape == (1438, 28, 28, 1)
    assert data.arrays["x_test"].shape == (359, 28, 28, 1)
    assert data.arrays["x"].dtype == np.float32
    assert data.arrays["y"].dtype == np.int64
    every_x = np.concatenate([data.arrays["x"], data.arrays["x_test"]])
    assert (every_x.min(), every_x.max()) == (0.0, 1.0)
    assert data.views == ("image", "flat")
    assert (data.record.kind, data.record.n_classes) == ("classification", 10)
    assert (data.record.n_train, data.record.n_test) == (1438, 359)
    assert data.record.split == "the last fifth of a shuffle with seed 0"


def test_resized_digits_keep_the_corners_of_the_original() -> None:
    from sklearn.datasets import load_digits

    original = load_digits()
    data = load_data("digits", seed=0)
    order = np.random.default_rng(0).permutation(len(original.images))
    corners = data.arrays["x"][:, ::27, ::27, 0]
    np.testing.assert_allclose(corners, original.images[order[:1438], ::7, ::7] / 16, atol=1e-6)
    np.testing.assert_array_equal(data.arrays["y"], original.target[order[:1438]])


@given(n=st.integers(5, 300), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=50, deadline=None)
def test_split_is_a_partition_that_keeps_pairs_together(n: int, seed: int) -> None:
    parts, _ = split({"x": np.arange(n), "y": np.arange(n) * 2}, seed, "here")
    assert sorted([*parts["x"], *parts["x_test"]]) == list(range(n))
    assert len(parts["x_test"]) == n // 5
    np.testing.assert_array_equal(parts["x"] * 2, parts["y"])
    np.testing.assert_array_equal(parts["x_test"] * 2, parts["y_test"])


@given(n=st.integers(5, 300), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_split_depends_on_the_seed_and_the_length_only(n: int, seed: int) -> None:
    one, _ = split({"x": np.arange(n), "y": np.zeros(n)}, seed, "here")
    other, _ = split({"x": np.arange(n), "y": np.ones((n, 2))}, seed, "there")
    np.testing.assert_array_equal(one["x"], other["x"])


def test_another_seed_is_another_split(tmp_path: Path) -> None:
    one, other = (load(tmp_path, seed, x=samples(50), y=np.arange(50) % 3) for seed in (0, 1))
    assert not np.array_equal(one.arrays["x"], other.arrays["x"])
    assert one.record.sha256 != other.record.sha256


def test_the_same_data_has_the_same_fingerprint(tmp_path: Path) -> None:
    one, other = (load(tmp_path, x=samples(), y=np.arange(10) % 2) for _ in range(2))
    assert one.record == other.record


def test_a_test_set_of_its_own_is_kept(tmp_path: Path) -> None:
    x, y = samples(), np.arange(10) % 2
    data = load(tmp_path, x=x, y=y, x_test=x[:2], y_test=y[:2])
    np.testing.assert_array_equal(data.arrays["x"], x)
    np.testing.assert_array_equal(data.arrays["x_test"], x[:2])
    assert data.record.split == "the data's own test set"


def test_keras_names_are_understood(tmp_path: Path) -> None:
    x, y = samples(), np.arange(10) % 2
    data = load(tmp_path, x_train=x, y_train=y, x_test=x[:3], y_test=y[:3])
    assert (data.record.n_train, data.record.n_test) == (10, 3)


def test_several_inputs_and_targets(tmp_path: Path) -> None:
    data = load(tmp_path, x0=samples(), x1=samples(10, 5), y0=np.arange(10) % 2, y1=samples(10, 1))
    assert {"x0", "x1", "y0", "y1", "x0_test", "x1_test", "y0_test", "y1_test"} == set(data.arrays)
    assert data.record.kind == "classification"


def test_other_arrays_are_named_and_not_used(tmp_path: Path) -> None:
    data = load(tmp_path, x=samples(), y=np.arange(10) % 2, names=np.arange(4))
    assert "names" not in data.arrays
    assert data.record.notice == "not used: names"


@pytest.mark.parametrize(
    ("y", "kind", "n_classes", "dtype"),
    [
        (np.arange(10, dtype=np.uint8) % 3, "classification", 3, "int64"),
        (np.arange(10) % 2 == 0, "classification", 2, "int64"),
        (np.linspace(0, 1, 10), "regression", None, "float64"),
        (np.linspace(0, 1, 10, dtype=np.float32), "regression", None, "float32"),
        (np.eye(4)[np.arange(10) % 4], "classification", 4, "float64"),
        (np.eye(4, dtype=int)[np.arange(10) % 4], "classification", 4, "float32"),
        ((np.arange(10) % 2).astype(np.float32), "classification", 2, "float32"),
        (np.arange(10) * 1000, "regression", None, "float64"),
        (np.arange(20).reshape(10, 2) * 1000, "classification", 19001, "int64"),
    ],
)
def test_what_targets_mean(tmp_path: Path, y: np.ndarray, kind: str, n_classes: int | None, dtype: str) -> None:
    data = load(tmp_path, x=samples(), y=y)
    assert (data.record.kind, data.record.n_classes, str(data.arrays["y"].dtype)) == (kind, n_classes, dtype)


def test_classes_that_only_the_test_set_has_are_counted(tmp_path: Path) -> None:
    data = load(tmp_path, x=samples(), y=np.arange(10) % 2, x_test=samples(3), y_test=np.array([0, 1, 6]))
    assert data.record.n_classes == 7


@pytest.mark.parametrize(
    ("given_dtype", "kept"), [("float16", "float32"), ("float64", "float64"), ("uint8", "int32"), ("bool", "int32")]
)
def test_dtypes_of_inputs(tmp_path: Path, given_dtype: str, kept: str) -> None:
    data = load(tmp_path, x=samples().astype(given_dtype), y=np.arange(10) % 2)
    assert str(data.arrays["x"].dtype) == kept


def test_saved_file_has_the_arrays_and_what_they_are(tmp_path: Path) -> None:
    data = load(tmp_path, x=np.zeros((10, 8, 8, 3), np.float32), y=np.arange(10) % 2)
    data.save(tmp_path / "data.safetensors")
    with safe_open(tmp_path / "data.safetensors", framework="numpy") as saved:
        metadata = saved.metadata()
        for name, array in data.arrays.items():
            np.testing.assert_array_equal(saved.get_tensor(name), array, strict=True)
    assert metadata["kind"] == "classification"
    assert json.loads(metadata["views"]) == ["image"]
    assert json.loads(metadata["n_classes"]) == 2


def test_an_absolute_path_is_not_recorded(tmp_path: Path) -> None:
    assert load(tmp_path, x=samples(), y=np.arange(10) % 2).record.source == "data.npz"


def test_lengths_that_differ(tmp_path: Path) -> None:
    error = refuse(tmp_path, x=samples(10), y=np.arange(9))
    assert error.received == "x has 10, y has 9"


def test_empty_arrays(tmp_path: Path) -> None:
    assert refuse(tmp_path, x=samples(0), y=np.arange(0)).what == "The array 'x' is empty."


def test_too_few_samples_for_a_test_set(tmp_path: Path) -> None:
    error = refuse(tmp_path, x=samples(4), y=np.arange(4))
    assert "0 samples for testing" in error.what
    assert error.received == "4 samples"


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_values_that_are_not_finite(tmp_path: Path, value: float) -> None:
    x = samples()
    x[3, 2] = x[7, 0] = value
    assert refuse(tmp_path, x=x, y=np.arange(10)).received == f"2 of 30; the first is {value} at (3, 2)"


def test_targets_that_are_not_finite(tmp_path: Path) -> None:
    y = np.linspace(0, 1, 10)
    y[4] = np.nan
    assert refuse(tmp_path, x=samples(), y=y).what == "The array 'y' holds values that are not finite."


def test_labels_that_are_negative(tmp_path: Path) -> None:
    error = refuse(tmp_path, x=samples(), y=np.arange(10) - 2)
    assert error.what == "The labels in 'y' are out of range."
    assert error.received == "2 of 10 wrong; the first is -2 at (0,)"


@pytest.mark.parametrize(
    ("labels", "received"),
    [
        ([0.0, 0.5, 1.5], "2 of 3 wrong; the first is 0.5 at (1,)"),
        ([0, 3, 1], "1 of 3 wrong; the first is 3 at (1,)"),
    ],
)
def test_labels_that_are_not_whole_or_too_high(labels: list[float], received: str) -> None:
    with pytest.raises(InputError) as caught:
        check_labels(np.array(labels), n_classes=3)
    assert caught.value.received == received


def test_labels_in_range_are_accepted() -> None:
    check_labels(np.array([0.0, 2.0, 1.0]), n_classes=3)


@pytest.mark.parametrize(
    ("names", "received"),
    [
        (("x",), "no targets; the arrays are called x"),
        (("images", "labels"), "no inputs; the arrays are called images, labels"),
        (("x", "y", "x_test"), "y without y_test"),
        (("x0", "x2", "y"), "x0, x2"),
        (("x", "x0", "y"), "x, x0"),
        (("x", "x_train", "y"), "both 'x' and 'x_train'"),
    ],
)
def test_names_that_are_not_understood(tmp_path: Path, names: tuple[str, ...], received: str) -> None:
    assert refuse(tmp_path, **dict.fromkeys(names, samples())).received == received


def test_samples_of_another_shape_in_the_test_set(tmp_path: Path) -> None:
    error = refuse(tmp_path, x=samples(), y=np.arange(10), x_test=samples(2, 4), y_test=np.arange(2))
    assert (error.expected, error.received) == ("(3,), as in x", "(4,) in x_test")


@pytest.mark.parametrize("x", [np.array(["a", "b"]), samples().astype(complex), np.array(["2020-01-01"], "M8[D]")])
def test_arrays_that_are_no_numbers(tmp_path: Path, x: np.ndarray) -> None:
    assert refuse(tmp_path, x=x, y=np.arange(len(x))).what == "The array 'x' does not hold numbers."


def test_a_single_number_is_no_array(tmp_path: Path) -> None:
    assert refuse(tmp_path, x=np.array(1.0), y=np.arange(3)).what == "'x' is a single number."


def test_data_that_is_too_big_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_module, "MAX_BYTES", 100)
    (tmp_path / "big.csv").write_text("a,b\n" + "1,2\n" * 100)
    with pytest.raises(InputError, match="too big"):
        load_data(tmp_path / "big.csv", seed=0)


def test_no_data_lists_the_sources() -> None:
    with pytest.raises(InputError) as caught:
        load_data(None, seed=0)
    assert all(
        name in caught.value.expected for name in ("digits", "FILE.npz", "FILE.csv", "FILE.parquet", ":function")
    )


def test_an_unknown_source_names_the_nearest() -> None:
    with pytest.raises(InputError) as caught:
        load_data("digit", seed=0)
    assert caught.value.next_step == "did you mean digits?"


def test_a_missing_file_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "samples.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError) as caught:
        load_data(tmp_path / "sample.csv", seed=0)
    assert caught.value.what == "There is no such data file."
    assert caught.value.next_step.endswith("samples.csv?")


def test_a_folder_is_no_data(tmp_path: Path) -> None:
    (tmp_path / "folder.npz").mkdir()
    with pytest.raises(InputError, match="a folder"):
        load_data(tmp_path / "folder.npz", seed=0)


@pytest.mark.parametrize("suffix", ["npz", "csv", "parquet"])
def test_an_empty_file(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"empty.{suffix}").touch()
    with pytest.raises(InputError, match="file is empty"):
        load_data(tmp_path / f"empty.{suffix}", seed=0)
