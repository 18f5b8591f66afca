"""The gates of recurrent layers: in any order, in kernels of any cut."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations

import numpy as np
import pytest

from .numpy_sides import Array, NumpySide, pair_of, row, sigmoid


def cell(w: Array, u: Array, b: Array, x: Array, order: tuple[int, ...]) -> list[Array]:
    """An LSTM over the steps of `x`, which stand side by side, with its gates i, f, g, o in these places."""
    size, h = len(w), np.zeros((len(x), len(u)))
    c = h
    for step in range(x.shape[1] // size):
        z = np.split(x[:, size * step : size * (step + 1)] @ w + h @ u + b, 4, -1)
        i, f, g, o = (z[place] for place in order)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
    return [h]


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_gates_in_any_order_are_found(order: tuple[int, ...]) -> None:
    rows = [row("cell.w", (3, 12)), row("cell.u", (3, 12)), row("cell.b", (12,))]
    found = pair_of(
        NumpySide("a", rows, lambda w, x: cell(w["cell.w"], w["cell.u"], w["cell.b"], x, (0, 1, 2, 3))),
        NumpySide("b", rows, lambda w, x: cell(w["cell.w"], w["cell.u"], w["cell.b"], x, order)),
    )
    assert found.found is not None
    assert found.found.agrees
    assert found.found.experiments < 130


@pytest.mark.parametrize("first", [True, False])
def test_a_kernel_over_state_and_input_holds_two_with_other_gates(*, first: bool) -> None:
    """Gates f, i, o, g in one kernel, i, f, g, o in two."""
    wide = [row("v", (5, 12)), row("c", (12,))]
    rows = [row("lstm.w", (2, 12)), row("lstm.u", (3, 12)), row("lstm.b", (12,))]

    def two(w: Mapping[str, Array], x: Array) -> list[Array]:
        return cell(w["lstm.w"], w["lstm.u"], w["lstm.b"], x, (0, 1, 2, 3))

    def one(w: Mapping[str, Array], x: Array) -> list[Array]:
        return cell(w["v"][3:], w["v"][:3], w["c"], x, (1, 0, 3, 2))

    sides = [NumpySide("two", rows, two), NumpySide("one", wide, one)]
    found = pair_of(*(sides if first else sides[::-1]))
    assert found.found is not None
    assert found.found.agrees
