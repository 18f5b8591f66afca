"""Files written array by array are those that the format's own library reads."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from safetensors.numpy import load_file

from paragone.mapped import mapped
from paragone.spool import spool

_DTYPES = st.sampled_from([np.float64, np.float32, np.int64, np.uint8, np.bool_])
_ARRAYS = npst.arrays(_DTYPES, npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=5))


@given(
    st.dictionaries(st.text(min_size=1, max_size=12), _ARRAYS, max_size=6),
    st.booleans(),
    st.sampled_from([0, 64, 16 * 2**20]),
    st.sampled_from([8, 256, 2**20]),
)
def test_what_was_written_is_read(
    tmp_path_factory: Any, arrays: dict[str, Any], turned: bool, in_memory: int, room: int
) -> None:
    path = tmp_path_factory.mktemp("spool") / "file"
    wanted = {name: array.T if turned else array for name, array in arrays.items() if name != "__metadata__"}
    with mock.patch.multiple("paragone.spool", _IN_MEMORY_BYTES=in_memory, _ROOM=room):
        spool(iter(wanted.items()), path)
    assert [one.name for one in path.parent.iterdir()] == ["file"]
    for found in (load_file(path), mapped(path)):
        assert found.keys() == wanted.keys()
        for name, array in wanted.items():
            assert found[name].dtype == array.dtype
            np.testing.assert_array_equal(found[name], array)


def test_only_one_array_is_in_memory(tmp_path: Path) -> None:
    alive: list[weakref.ref[Any]] = []

    def made() -> Iterator[tuple[str, Any]]:
        for number in range(4):
            assert all(ref() is None for ref in alive[:-1])
            array = np.full(4 * 2**20, float(number))
            alive.append(weakref.ref(array))
            yield f"{number}", array

    spool(made(), tmp_path / "file")
    assert [float(array[-1]) for array in load_file(tmp_path / "file").values()] == [0.0, 1.0, 2.0, 3.0]
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_what_the_format_cannot_hold_is_said(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="two arrays are called a"):
        spool([("a", np.zeros(1)), ("a", np.ones(1))], tmp_path / "file")
    with pytest.raises(ValueError, match="complex128"):
        spool([("a", np.zeros(1, complex))], tmp_path / "file")
