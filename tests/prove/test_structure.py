"""The rung that needs no computation, and what follows for a pair."""

from __future__ import annotations

from typing import Any

import pytest

from paragone.prove.hypotheses import differing_rates, hypotheses
from paragone.prove.pairs import pair_verdict, structure_rung, unaligned_pair
from paragone.prove.scope import ALL_RUNGS
from paragone.prove.subject import Subject
from paragone.records import Rung, SameVerdict

from .subjects import make_subject

WEIGHTS = {"dense_1/kernel_io": [8, 20], "dense_1/bias": [20]}


def side(name: str, weights: dict[str, list[int]] = WEIGHTS, **rates: float) -> Subject:
    traits: dict[tuple[str, str], Any] = {(layer, "rate"): rate for layer, rate in rates.items()}
    return make_subject(name, traits, weights=weights)


def test_the_same_weights_are_the_same_structure() -> None:
    rung = structure_rung(side("torch"), side("jax"))
    assert (rung.verdict, rung.where, rung.detail) == ("same", "", "10 parameters")


def test_a_layer_or_a_shape_that_differs_is_said() -> None:
    wider = {**WEIGHTS, "dense_1/kernel_io": [8, 21]}
    rung = structure_rung(side("torch"), side("jax", wider))
    assert rung.verdict == "different"
    assert rung.where == "dense_1/kernel_io is (8, 20) in torch and (8, 21) in jax"
    rung = structure_rung(side("torch"), side("jax", {"dense_1/kernel_io": [8, 20]}))
    assert rung.where == "torch alone has dense_1/bias; jax alone has none"


def test_a_pair_that_cannot_start_from_the_same_weights_is_not_climbed() -> None:
    pair = unaligned_pair(side("torch"), side("jax", {"dense_1/kernel_io": [8, 20]}))
    assert pair.verdict == "different"
    assert [rung.verdict for rung in pair.rungs] == ["different"] + ["not run"] * (len(ALL_RUNGS) - 1)
    assert pair.unexplained.startswith("different in structure: torch alone has dense_1/bias")


def test_layers_of_unknown_kinds_leave_it_undecided() -> None:
    pair = unaligned_pair(side("torch"), side("jax", {"custom_1/table": [3]}))
    assert pair.verdict == "undecided"
    assert pair.unexplained.endswith("layers of unknown kinds: custom_1")


def test_rates_of_dropout_are_structure_and_can_be_made_one() -> None:
    a, b = side("torch", dropout_1=0.1), side("jax", dropout_1=0.2)
    assert structure_rung(a, b).where == "dropout rates are 0.1 in torch and 0.2 in jax"
    assert structure_rung(a, b, corrected=True).verdict == "same"
    (one,) = differing_rates(a, b)
    assert (one.side, one.key, one.value) == ("jax", ("dropout_1", "rate"), 0.1)
    assert hypotheses([a, b]) == []
    assert differing_rates(a, side("jax", dropout_1=0.1)) == []


def test_dropout_on_one_side_only_cannot_be_corrected() -> None:
    a, b = side("torch", dropout_1=0.1), side("jax")
    assert structure_rung(a, b, corrected=True).where == "dropout rates are 0.1 in torch and none in jax"
    assert differing_rates(a, b) == []
    assert structure_rung(side("torch", dropout_1=0.0), b).verdict == "same"


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        (("same", "same"), "same"),
        (("same", "not run"), "same"),
        (("same", "undecided"), "undecided"),
        (("undecided", "different", "same"), "different"),
    ],
)
def test_a_pair_is_as_its_worst_rung_in_float64(verdicts: tuple[SameVerdict, ...], expected: str) -> None:
    found = [Rung(name="forward", dtype="float64", verdict=verdict) for verdict in verdicts]
    in_float32 = Rung(name="forward", dtype="float32", verdict="different")
    assert pair_verdict((*found, in_float32)) == expected
