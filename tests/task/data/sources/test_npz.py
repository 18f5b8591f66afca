"""Arrays in .npz files."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from paragone.errors import InputError
from paragone.task.data import source as source_module
from paragone.task.data.load import load_data


def refuse(path: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        load_data(path, seed=0)
    return caught.value


class Trap:
    """Its pickle makes a file when it is loaded."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (_touch, (str(self.path),))


def _touch(path: str) -> None:
    Path(path).touch()


def test_compressed_and_plain_files_give_the_same(tmp_path: Path) -> None:
    x, y = np.random.default_rng(0).normal(size=(20, 2, 3)), np.arange(20) % 4
    np.savez(tmp_path / "plain.npz", x=x, y=y)
    np.savez_compressed(tmp_path / "small.NPZ.npz", x=x, y=y)
    plain, small = load_data(tmp_path / "plain.npz", seed=3), load_data(tmp_path / "small.NPZ.npz", seed=3)
    assert plain.record.sha256 == small.record.sha256
    assert plain.views == ("given",)


def test_arrays_in_fortran_order_are_read_right(tmp_path: Path) -> None:
    x = np.arange(30.0).reshape(10, 3)
    np.savez(tmp_path / "f.npz", x=np.asfortranarray(x), y=np.arange(10), x_test=x[:1], y_test=np.arange(1))
    np.testing.assert_array_equal(load_data(tmp_path / "f.npz", seed=0).arrays["x"], x)


def test_pickled_objects_are_refused_and_never_loaded(tmp_path: Path) -> None:
    trapped = np.empty(10, dtype=object)
    trapped[:] = [Trap(tmp_path / "sprung")] * 10
    np.savez(tmp_path / "trap.npz", x=trapped, y=np.arange(10))
    error = refuse(tmp_path / "trap.npz")
    assert error.what == "The array 'x' holds pickled Python objects."
    assert not (tmp_path / "sprung").exists()


def test_a_file_that_is_no_zip(tmp_path: Path) -> None:
    (tmp_path / "text.npz").write_text("not a zip")
    assert refuse(tmp_path / "text.npz").what == "The .npz file cannot be read."


def test_a_file_that_was_cut_off(tmp_path: Path) -> None:
    np.savez(tmp_path / "cut.npz", x=np.zeros((100, 10)), y=np.arange(100))
    content = (tmp_path / "cut.npz").read_bytes()
    (tmp_path / "cut.npz").write_bytes(content[: len(content) // 2])
    assert refuse(tmp_path / "cut.npz").what == "The .npz file cannot be read."


def test_damaged_bytes_are_noticed(tmp_path: Path) -> None:
    np.savez(tmp_path / "bad.npz", x=np.zeros((100, 10)), y=np.arange(100))
    content = bytearray((tmp_path / "bad.npz").read_bytes())
    content[4000] ^= 0xFF
    (tmp_path / "bad.npz").write_bytes(content)
    assert refuse(tmp_path / "bad.npz").what == "The .npz file cannot be read."


def test_a_member_that_is_no_array(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "zip.npz", "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert refuse(tmp_path / "zip.npz").received == "readme.txt"


def test_a_header_that_lies_about_its_size_is_too_big(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"descr": "<f8", "fortran_order": False, "shape": (2**50,)})
    with zipfile.ZipFile(tmp_path / "huge.npz", "w") as archive:
        archive.writestr("x.npy", stream.getvalue())
    assert refuse(tmp_path / "huge.npz").what == "The data is too big."


def test_a_small_file_that_unpacks_to_much_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    np.savez_compressed(tmp_path / "bomb.npz", x=np.zeros((1000, 1000)), y=np.zeros(1000))
    assert (tmp_path / "bomb.npz").stat().st_size < 100_000
    monkeypatch.setattr(source_module, "MAX_BYTES", 1_000_000)
    assert refuse(tmp_path / "bomb.npz").what == "The data is too big."
