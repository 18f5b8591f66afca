"""Arrays that are mapped: every dtype that the format and NumPy share, and damaged files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from paragone.mapped import mapped

KINDS = ("f8", "f4", "f2", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "?")


def test_arrays_are_as_they_were_saved(tmp_path: Path) -> None:
    saved = {kind: np.arange(6).reshape(2, 3).astype(kind) for kind in KINDS}
    saved |= {"number": np.array(7.0), "none": np.zeros((0, 4)), "a/b": np.arange(3.0)}
    save_file(saved, tmp_path / "file", metadata={"any": "thing"})
    found = mapped(tmp_path / "file")
    assert found.keys() == saved.keys()
    for name, array in saved.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array, strict=True)


def test_they_cannot_be_written_and_outlive_the_file(tmp_path: Path) -> None:
    save_file({"w": np.arange(3.0)}, tmp_path / "file")
    found = mapped(tmp_path / "file")["w"]
    (tmp_path / "file").unlink()
    assert found.tolist() == [0.0, 1.0, 2.0]
    with pytest.raises(ValueError, match="read-only"):
        found[0] = 1.0


@pytest.mark.parametrize("cut", [0, 4, 30, -1])
def test_a_damaged_file_is_an_error_of_one_kind(tmp_path: Path, cut: int) -> None:
    save_file({"w": np.arange(300.0)}, tmp_path / "file")
    (tmp_path / "file").write_bytes((tmp_path / "file").read_bytes()[:cut])
    with pytest.raises(ValueError, match=r"damaged|empty|line 1|cut off|utf"):
        mapped(tmp_path / "file")
