"""What a side's file keeps at its top level begins anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from paragone.sides.kept import remembered


class Cell:
    def __init__(self, number: float):
        self.number = number


def held(value: Any) -> Callable[[], None] | None:
    if not isinstance(value, Cell):
        return None
    number = value.number
    return lambda: setattr(value, "number", number)


def test_all_that_a_step_may_change_is_brought_back() -> None:
    cell, averages, sums, inner = Cell(1.0), {"w": Cell(2.0)}, np.zeros(3), [2, 3]
    log = [1, inner]
    module: dict[str, Any] = {"calls": 0, "cell": cell, "averages": averages, "sums": sums, "log": log}
    bring_back = remembered(module, held)
    for _ in range(2):
        module |= {"calls": 7, "log": []}
        cell.number = averages["w"].number = 9.0
        averages["more"] = Cell(0.0)
        sums += 1.0
        inner.append(4)
        bring_back()
        assert module["calls"] == 0
        assert (cell.number, averages["w"].number, list(averages)) == (1.0, 2.0, ["w"])
        assert module["log"] is log
        assert log == [1, [2, 3]]
        assert not sums.any()


def test_what_is_of_another_kind_is_left_alone() -> None:
    thing, mixed = object(), [1, object()]
    module: dict[str, Any] = {"thing": thing, "mixed": mixed, "__name__": "side"}
    bring_back = remembered(module, held)
    module |= {"thing": None, "__name__": "other"}
    mixed.append(2)
    bring_back()
    assert (module["thing"], module["__name__"], len(mixed)) == (None, "other", 3)
