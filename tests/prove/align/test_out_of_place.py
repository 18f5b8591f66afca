"""A shortcut that one side runs before its block and the other after it, with vectors behind each kernel."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from .numpy_sides import Array, NumpySide, pair_of, row

SIZES = {"first": (6, 4), "second": (4, 12), "shortcut": (6, 12)}


def block(w: Mapping[str, Array], x: Array) -> list[Array]:
    def layer(name: str, given: Array) -> Array:
        return np.tanh(given @ w[f"{name}.kernel"] + w[f"{name}_norm.bias"]) * w[f"{name}_norm.scale"]

    return [layer("second", layer("first", x)) + layer("shortcut", x)]


def side(name: str, order: list[str]) -> NumpySide:
    rows = []
    for at, layer in enumerate(order, 1):
        known = {"layer": f"dense_{at}", "kind": "dense"}
        rows.append(row(f"{layer}.kernel", SIZES[layer], role="kernel_io", **known))
        rows += [row(f"{layer}_norm.{what}", SIZES[layer][1:]) for what in ("bias", "scale")]
    return NumpySide(name, rows, block)


@pytest.mark.parametrize("order", [["shortcut", "first", "second"], ["first", "shortcut", "second"]])
def test_its_vectors_go_with_its_kernel_without_a_search(order: list[str]) -> None:
    in_order = ["first", "second", "shortcut"]
    found, plain = (pair_of(side("a", in_order), side("b", one)) for one in (order, in_order))
    assert found.found is not None
    assert plain.found is not None
    assert found.found.agrees
    assert found.found.experiments == plain.found.experiments
    assert all(decision.paths(0) == decision.paths(1) for decision in found.decisions)
