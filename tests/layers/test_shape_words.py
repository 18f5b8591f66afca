"""What layers that change or merge shapes give, and refuse."""

from __future__ import annotations

from typing import Any

import pytest

from paragone.spelling.axes import sample_axis, torch_axis
from paragone.spelling.entry import UnfitError
from paragone.task.graph import entries
from paragone.task.tensor import Tensor

FITTING = [
    ("reshape", {"target_shape": (2, -1)}, [(4, 3)], (2, 6)),
    ("reshape", {"target_shape": (12,)}, [(4, 3)], (12,)),
    ("permute", {"axes": (3, 1, 2)}, [(4, 5, 6)], (6, 4, 5)),
    ("concatenate", {}, [(4, 3), (4, 5)], (4, 8)),
    ("concatenate", {"axis": 1}, [(4, 3), (2, 3)], (6, 3)),
    ("add", {}, [(4, 1, 3), (1, 5, 3)], (4, 5, 3)),
    ("dot", {}, [(5,), (5,)], (1,)),
    ("dot", {}, [(2, 5), (3, 5)], (2, 3)),
    ("sum", {"axis": (1, -1)}, [(4, 5, 3)], (5,)),
    ("mean", {"axis": 2, "keepdims": True}, [(4, 5, 3)], (4, 1, 3)),
    ("glu", {}, [(4, 6)], (4, 3)),
    ("group_norm", {"groups": 2}, [(4, 6)], (4, 6)),
]
UNFIT = [
    ("reshape", {"target_shape": (5, -1)}, [(4, 3)]),
    ("reshape", {"target_shape": (-1, -1)}, [(4, 3)]),
    ("reshape", {"target_shape": (4, 0)}, [(4, 3)]),
    ("reshape", {"target_shape": (4, 2)}, [(4, 3)]),
    ("permute", {"axes": (0, 1)}, [(4, 3)]),
    ("permute", {"axes": (1, 1)}, [(4, 3)]),
    ("concatenate", {}, [(4, 3), (5, 3)]),
    ("concatenate", {}, [(4, 3), (4, 3, 1)]),
    ("concatenate", {"axis": 0}, [(4, 3), (4, 3)]),
    ("add", {}, [(4, 3), (3,)]),
    ("multiply", {}, [(4, 3), (2, 3)]),
    ("dot", {}, [(5,), (4,)]),
    ("dot", {}, [(5,), (4, 5)]),
    ("sum", {"axis": 3}, [(4, 3)]),
    ("sum", {"axis": (1, -2)}, [(4, 3)]),
    ("mean", {}, [()]),
    ("glu", {}, [(5,)]),
    ("batch_norm", {}, [()]),
    ("batch_norm", {}, [(2, 2, 2, 2, 2)]),
    ("group_norm", {"groups": 4}, [(4, 6)]),
    ("group_norm", {"groups": 6}, [(6,)]),
    ("instance_norm", {}, [(6,)]),
    ("instance_norm", {}, [(1, 6)]),
    ("spatial_dropout", {"rate": 0.1}, [(6,)]),
]


def output(word: str, options: dict[str, Any], shapes: list[tuple[int, ...]]) -> Tensor:
    entry = entries()[word].entry
    assert entry is not None
    return entry.output(entry.options.model_validate(options), tuple(Tensor(shape) for shape in shapes))


@pytest.mark.parametrize(("word", "options", "shapes", "expected"), FITTING)
def test_output(word: str, options: dict[str, Any], shapes: list[tuple[int, ...]], expected: tuple[int, ...]) -> None:
    assert output(word, options, shapes).shape == expected


@pytest.mark.parametrize(("word", "options", "shapes"), UNFIT)
def test_refused(word: str, options: dict[str, Any], shapes: list[tuple[int, ...]]) -> None:
    with pytest.raises(UnfitError):
        output(word, options, shapes)


def test_whole_numbers_do_not_go_into_sums() -> None:
    entry = entries()["add"].entry
    assert entry is not None
    with pytest.raises(UnfitError, match="of int"):
        entry.output(entry.options(), (Tensor((3,), "int"), Tensor((3,), "int")))


def test_axes() -> None:
    assert [sample_axis(axis, 3, "axis") for axis in (1, 3, -1, -3)] == [0, 2, 2, 0]
    assert [torch_axis(place, 3, "last") for place in range(3)] == [1, 2, 3]
    assert [torch_axis(place, 3, "first") for place in range(3)] == [2, 3, 1]
    assert torch_axis(0, 1, "first") == 1
