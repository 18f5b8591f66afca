"""Which traits are suspected, and what they are set to."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paragone.prove.hypotheses import alike, hypotheses, unexplainable

from .subjects import make_subject

EPSILON = ("optimizer", "epsilon")
NAMES = ("tensorflow", "torch", "jax", "other", "fifth")


def wanted(values: list[Any], fixed: tuple[int, ...] = ()) -> dict[str, Any]:
    """The value that each side with an intervention is set to."""
    subjects = [
        make_subject(NAMES[i], {EPSILON: value}, fixed=frozenset({"epsilon"}) if i in fixed else frozenset())
        for i, value in enumerate(values)
    ]
    return {one.side: one.value for one in hypotheses(subjects)}


def test_sides_that_agree_are_not_suspected() -> None:
    assert wanted([1e-7, 1e-7, 1e-7]) == {}


def test_the_majority_decides() -> None:
    assert wanted([1e-7, 1e-8, 1e-8]) == {"tensorflow": 1e-8}
    assert wanted([1e-8, 1e-7, 1e-8]) == {"torch": 1e-8}


def test_without_a_majority_the_first_side_decides() -> None:
    assert wanted([1e-3, 1e-5]) == {"torch": 1e-3}
    assert wanted([1e-3, 1e-5, 1e-6]) == {"torch": 1e-3, "jax": 1e-3}


def test_a_side_that_cannot_be_changed_keeps_its_value_and_the_others_follow() -> None:
    assert wanted([1e-7, 1e-8, 1e-8], fixed=(0,)) == {"torch": 1e-7, "jax": 1e-7}
    assert wanted([1e-7, 1e-8], fixed=(0, 1)) == {}


def test_a_trait_that_one_side_lacks_is_no_suspect() -> None:
    assert hypotheses([make_subject("torch", {EPSILON: 1e-8}), make_subject("jax")]) == []


def idle(name: str, value: Any) -> dict[str, Any]:
    return {"where": "optimizer", "name": name, "value": value, "trap": name}


def test_what_is_idle_on_one_side_is_suspected_with_what_makes_it_work() -> None:
    decay, form = ("optimizer", "weight_decay"), ("optimizer", "decay_form")
    torch = make_subject("torch", {decay: 5e-4, form: False})
    keras = make_subject("tensorflow", {decay: 0.0}, idle=[idle("decay_form", True)])
    found = {one.trait.name: (one.side, one.value) for one in hypotheses([torch, keras])}
    assert found == {"weight_decay": ("tensorflow", 5e-4), "decay_form": ("tensorflow", False)}


def test_what_is_idle_on_all_sides_is_no_suspect() -> None:
    decay = ("optimizer", "weight_decay")
    sides = [make_subject(name, {decay: 0.0}, idle=[idle("decay_form", name == "torch")]) for name in NAMES[:2]]
    assert hypotheses(sides) == []


def test_one_side_alone_has_no_suspects() -> None:
    assert hypotheses([make_subject("torch", {EPSILON: 1e-8})]) == []


def test_an_optimizer_of_another_kind_is_replaced_by_the_first_sides_with_its_options() -> None:
    first = make_subject("torch", {("optimizer", "optimizer"): "adam", ("optimizer", "beta_1"): 0.8})
    other = make_subject("jax", {("optimizer", "optimizer"): "sgd"})
    (found,) = hypotheses([first, other])
    assert (found.side, found.trait.name) == ("jax", "optimizer")
    assert json.loads(found.value) == {"kind": "adam", "options": {"beta_1": 0.8}}
    assert unexplainable([first, other]) == []


def test_a_loss_of_another_form_is_replaced_by_the_first_sides_with_the_options_that_it_lacks() -> None:
    form, scale = ("loss", "loss-kind"), ("loss", "scale")
    first = make_subject("torch", {form: "Huber", ("loss", "delta"): 0.5, scale: 1.0})
    other = make_subject("jax", {form: "squared error", scale: 1.0})
    (found,) = hypotheses([first, other])
    assert json.loads(found.value) == {"form": "Huber", "delta": 0.5}
    (found,) = hypotheses([other, first])
    assert (found.side, found.value) == ("torch", "squared error")


def test_an_optimizer_of_a_kind_that_cannot_be_replaced_is_said() -> None:
    key = ("optimizer", "optimizer")
    sides = [make_subject("torch", {key: "adam"}), make_subject("jax", {key: "own"}, fixed=frozenset({"optimizer"}))]
    assert hypotheses(sides) == []
    assert unexplainable(sides) == ["the optimizers are of different kinds: adam in torch, own in jax"]
    assert unexplainable(sides[:1]) == []


@given(st.lists(st.sampled_from([1e-3, 1e-5, 1e-7]), min_size=2, max_size=5), st.sets(st.integers(0, 4), max_size=2))
def test_after_the_interventions_all_that_can_be_changed_agree(values: list[float], fixed: set[int]) -> None:
    fixed &= set(range(len(values)))
    changed = wanted(values, tuple(fixed))
    after = [changed.get(NAMES[i], value) for i, value in enumerate(values)]
    free = [value for i, value in enumerate(after) if i not in fixed]
    assert len(set(free)) <= 1
    assert all(changed.get(NAMES[i]) is None for i in fixed)
    if len({values[i] for i in fixed}) <= 1:
        assert len(set(after)) == 1
    assert all(changed[name] != values[NAMES.index(name)] for name in changed)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (0.1, float.fromhex("0x1.99999ap-4"), True),  # 0.1 and its nearest float32
        (1e-7, 1e-8, False),
        (0.001, 0.00101, False),
        (0.0, 0.0, True),
        (0.0, 1e-9, False),
        (True, 1.0, True),
        (True, False, False),
        ("before", "before", True),
        ("before", 1.0, False),
        (None, None, True),
        (None, 0.0, False),
    ],
)
def test_alike(a: Any, b: Any, expected: bool) -> None:
    assert alike(a, b) is expected
    assert alike(b, a) is expected


def test_what_differs_and_can_be_changed_nowhere_is_said() -> None:
    key, fixed = ("gru 1", "reset"), frozenset({"reset"})
    sides = [make_subject(name, {key: value}, fixed=fixed) for name, value in (("torch", "after"), ("jax", "before"))]
    assert hypotheses(sides) == []
    assert unexplainable(sides) == ["the reset of gru 1: after in torch, before in jax"]
    assert unexplainable([sides[0], make_subject("jax", {key: "after"}, fixed=fixed)]) == []
    assert unexplainable([sides[0], make_subject("jax", {key: "before"})]) == []  # it can be changed there
