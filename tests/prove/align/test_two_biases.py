"""Cells with two biases beside cells with one, each whole or gate by gate: the second is added, and starts at zero."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from paragone.prove.align.stage import align

from .numpy_sides import Array, NumpySide, lab_of, pair_of, row, sigmoid

UNITS, FEATURES = 5, 6


def lstm(w: Mapping[str, Array], x: Array, gates: str) -> list[Array]:
    """Two steps of an LSTM, from all of its gates side by side."""
    h = c = np.zeros((len(x), UNITS))
    for step in (x, x[::-1]):
        z = step @ w["i"] + h @ w["h"] + w["b"]
        i, f, g, o = (np.split(z, 4, -1)[gates.index(one)] for one in "ifgo")
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
    return [h]


def whole(name: str, biases: Sequence[str], gates: str = "ifgo") -> NumpySide:
    rows = [row("cell.kernel_i", (FEATURES, 4 * UNITS)), row("cell.kernel_h", (UNITS, 4 * UNITS))]
    rows += [row(f"cell.{bias}", (4 * UNITS,)) for bias in biases]

    def model(w: Mapping[str, Array], x: Array) -> list[Array]:
        b = sum(w[f"cell.{bias}"] for bias in biases)
        return lstm({"i": w["cell.kernel_i"], "h": w["cell.kernel_h"], "b": b}, x, gates)

    return NumpySide(name, rows, model)


def by_gate(name: str, biases: Sequence[str], gates: str = "ifgo") -> NumpySide:
    """A layer for each gate of each kernel, some of them with biases."""
    rows = []
    for source, length in (("i", FEATURES), ("h", UNITS)):
        for gate in gates:
            rows.append(row(f"cell.{source}{gate}.kernel", (length, UNITS)))
            rows += [row(f"cell.{source}{gate}.bias", (UNITS,))] if source in biases else []

    def model(w: Mapping[str, Array], x: Array) -> list[Array]:
        joined = {
            source: np.concatenate([w[f"cell.{source}{gate}.kernel"] for gate in gates], -1) for source in ("i", "h")
        }
        b = sum(np.concatenate([w[f"cell.{source}{gate}.bias"] for gate in gates]) for source in biases)
        return lstm({**joined, "b": b}, x, gates)

    return NumpySide(name, rows, model)


@pytest.mark.parametrize("gates", ["ifgo", "igfo"])
def test_two_whole_biases_beside_those_of_each_gate(gates: str) -> None:
    torch, linen = whole("torch", ["bias_ih", "bias_hh"]), by_gate("linen", ["h"], gates)
    for a, b in ((torch, linen), (linen, torch)):
        found = pair_of(a, b)
        assert found.found is not None
        assert found.found.agrees
        assert sorted(found.zeros(int(b is torch)) + found.zeros(int(a is torch))) == ["cell.bias_hh"]


def test_two_biases_of_each_gate_beside_a_whole_one() -> None:
    keras, own = whole("keras", ["bias"]), by_gate("own", ["i", "h"])
    found = pair_of(keras, own)
    assert found.found is not None
    assert found.found.agrees
    assert sorted(found.zeros(1)) == [f"cell.h{gate}.bias" for gate in "fgio"]
    added = {weight.path: weight.plus for decision in found.decisions for weight in decision.mapped(1) if weight.plus}
    assert added == {f"cell.i{gate}.bias": (f"cell.h{gate}.bias",) for gate in "ifgo"}


def test_two_sides_that_start_from_one_set_of_weights_give_the_same() -> None:
    lab = lab_of(whole("torch", ["bias_ih", "bias_hh"]), by_gate("linen", ["h"], "igfo"))
    subjects = [side.subject() for side in lab.sides.values()]
    stage = align(subjects, lab.laboratory, 0)
    (alignment,) = stage.alignments
    assert alignment.agrees
    assert sum(weight.added for weight in alignment.weights) == 1
    weights = {weight.name: weight for weight in lab.maps["torch"].weights}
    noise = np.random.default_rng(1)
    start = {
        name: noise.normal(size=weight.to_canonical(np.zeros(lab.sides["torch"].now[weight.path].shape)).shape)
        for name, weight in weights.items()
    }
    ((one,), (other,)) = (lab.load(name, start) for name in ("torch", "linen"))
    assert np.abs(one - other).max() < 1e-12
