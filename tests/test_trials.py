"""Finished work on disk: found again by its key, never half, and damaged files do no harm."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file

from paragone.trials import Trials, digest, write_whole

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
records = st.dictionaries(st.text(), plain, max_size=4)


def written(path: Path, arrays: dict[str, Any]) -> Path:
    """As a worker leaves them."""
    save_file({name: np.asarray(array, order="C") for name, array in arrays.items()}, path)
    return path


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(key=records, result=records)
def test_what_was_kept_is_recalled(tmp_path: Path, key: dict[str, Any], result: dict[str, Any]) -> None:
    Trials(tmp_path).keep("kind", key, result)
    trial = Trials(tmp_path).recall("kind", key)
    assert trial is not None
    assert trial.result == result


def test_what_is_kept_is_what_is_recalled_also_in_its_order(tmp_path: Path) -> None:
    """The order of the weights is that of the layers: a run that goes on must look through them in the same one."""
    result = {"weights": {"dense_2/kernel": (3, 4), "dense_10/kernel": (4, 2), "dense_10/bias": (2,)}}
    kept = Trials(tmp_path).keep("kind", {}, result)
    trial = Trials(tmp_path).recall("kind", {})
    assert trial is not None
    assert trial.result == kept.result
    assert list(trial.result["weights"]) == list(kept.result["weights"]) == list(result["weights"])


def test_arrays_come_back_as_they_were(tmp_path: Path) -> None:
    arrays = {"a/b": np.arange(6.0).reshape(2, 3).T, "n": np.array(7), "none": np.zeros((0, 4), np.float32)}
    Trials(tmp_path).keep("kind", {"n": 1}, {}, written(tmp_path / "out", arrays))
    assert not (tmp_path / "out").exists(), "it is moved, not copied"
    trial = Trials(tmp_path).recall("kind", {"n": 1})
    assert trial is not None
    assert all(np.array_equal(trial.arrays[name], array) for name, array in arrays.items())
    assert {name: array.dtype for name, array in trial.arrays.items()} == {n: a.dtype for n, a in arrays.items()}


@pytest.mark.parametrize("other", [{"seed": 2}, {"seed": 1, "more": None}, {"seed": "1"}, {}])
def test_another_key_is_not_recalled(tmp_path: Path, other: dict[str, Any]) -> None:
    trials = Trials(tmp_path)
    trials.keep("kind", {"seed": 1}, {"x": 1})
    assert trials.recall("kind", other) is None
    assert trials.recall("another", {"seed": 1}) is None


def test_the_order_of_a_key_does_not_matter() -> None:
    assert digest({"a": 1, "b": {"c": (1, 2), "d": 3}}) == digest({"b": {"d": 3, "c": [1, 2]}, "a": 1})


DAMAGE = [b"", b"{", b"[]", b"null", b'{"key": 1}', b"\xff\xfe", b"[" * 100_000, b'{"key": {"n": 1}, "arrays": true}']


@pytest.mark.parametrize("content", DAMAGE)
def test_a_damaged_record_counts_as_not_finished(tmp_path: Path, content: bytes) -> None:
    trials = Trials(tmp_path)
    trials.keep("kind", {"n": 1}, {"x": 1})
    next((tmp_path / "trials").glob("*.json")).write_bytes(content)
    assert trials.recall("kind", {"n": 1}) is None


@pytest.mark.parametrize("content", [b"", b"\x00" * 7, b"\xff" * 64, None])
def test_damaged_arrays_count_as_not_finished(tmp_path: Path, content: bytes | None) -> None:
    trials = Trials(tmp_path)
    trials.keep("kind", {"n": 1}, {}, written(tmp_path / "out", {"w": np.ones(3)}))
    arrays = next((tmp_path / "trials").glob("*.safetensors"))
    if content is None:
        arrays.unlink()
    else:
        arrays.write_bytes(content)
    assert trials.recall("kind", {"n": 1}) is None


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_cut_off_arrays_count_as_not_finished(tmp_path: Path, share: float) -> None:
    trials = Trials(tmp_path)
    trials.keep("kind", {"n": 1}, {}, written(tmp_path / "out", {"w": np.ones(300)}))
    arrays = next((tmp_path / "trials").glob("*.safetensors"))
    whole = arrays.read_bytes()
    arrays.write_bytes(whole[: int(share * len(whole))])
    assert trials.recall("kind", {"n": 1}) is None


def test_what_a_killed_process_left_half_written_is_cleared_away(tmp_path: Path) -> None:
    Trials(tmp_path).keep("kind", {"n": 1}, {"x": 1})
    (tmp_path / "trials" / ".kind-0123.json.4711").write_bytes(b'{"key"')
    trials = Trials(tmp_path)
    assert [path.suffix for path in (tmp_path / "trials").iterdir()] == [".json"]
    assert trials.recall("kind", {"n": 1}) is not None


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "record"
    write_whole(path, b"old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"new")
    assert [file.name for file in tmp_path.iterdir()] == ["record"]
    assert path.read_bytes() == b"old"


def test_many_threads_keep_trials_side_by_side(tmp_path: Path) -> None:
    trials = Trials(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        files = [written(tmp_path / f"out-{n}", {"w": np.full(50, n)}) for n in range(40)]
        list(pool.map(lambda n: trials.keep("kind", {"n": n}, {"n": n}, files[n]), range(40)))
    for n in range(40):
        trial = trials.recall("kind", {"n": n})
        assert trial is not None
        assert (trial.result["n"], trial.arrays["w"][0]) == (n, n)
