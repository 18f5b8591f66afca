"""Optimizers with an update of their own are recognised by what they do, whatever their numbers are called."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from paragone.meaning.numpy_numbers import NUMPY
from paragone.meaning.optimizer import GRADIENTS, START, recognise
from paragone.optimizers import optimizer_kinds
from paragone.optimizers.rule import At, updated

RATES = [0.01] * len(GRADIENTS)
SAME = {"adamw": "adam"}
"""Kinds that differ in what their frameworks' classes are called alone."""


def moved(kind: Any, options: dict[str, Any]) -> list[np.ndarray]:
    weight, found = START, []
    state = {name: np.full_like(START, value) for name, value in kind.rule.slots(options).items()}
    for step, (rate, gradient) in enumerate(zip(RATES, GRADIENTS, strict=True), 1):
        with np.errstate(all="ignore"):
            weight, state = updated(NUMPY, kind.rule, options, At(step, rate, weight, gradient, state))
        found.append(weight)
    return found


@st.composite
def optimizers(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A kind with numbers of its own; conventions as any framework has them."""
    ones = [kind for kind in optimizer_kinds().values() if kind.rule is not None and kind.name != "adafactor"]
    kind = draw(st.sampled_from(ones))
    options = {}
    for trait in kind.traits:
        if trait.fixed:
            options[trait.name] = draw(st.sampled_from(sorted(set(trait.fixed.values()), key=str)))
        elif isinstance(trait.absent, bool):
            options[trait.name] = draw(st.booleans())
        elif not trait.name.startswith(("clip", "learning")):
            options[trait.name] = draw(st.floats(0.05, 0.95))
    return kind.name, options


@settings(max_examples=60, deadline=None)
@given(optimizers())
def test_a_rule_is_recognised_with_its_numbers(given: tuple[str, dict[str, Any]]) -> None:
    name, options = given
    kind = optimizer_kinds()[name]
    numbers = {word: value for word, value in options.items() if not isinstance(value, str)}
    shown = moved(kind, options)
    assume(np.all(np.isfinite(shown)))
    found = recognise(shown, RATES, numbers)
    assert found is not None
    assert SAME.get(found.kind.name, found.kind.name) == SAME.get(name, name)
    seen = {word: value for word, value in found.options.items() if word in options}
    same = moved(kind, {**options, **seen})
    assert np.allclose(same[-1], moved(kind, options)[-1], rtol=1e-9, atol=1e-15)


def test_a_name_that_two_traits_have_is_that_of_either() -> None:
    kind = optimizer_kinds()["rmsprop"]
    plain = {"rho": 0.9, "epsilon": 1e-8, "epsilon_inside_root": True, "momentum": 0.0}
    found = recognise(moved(kind, plain), RATES, {"decay": 0.9, "eps": 1e-8})  # Optax' momentum is a `decay`, too
    assert found is not None
    assert {name: found.options[name] for name in plain} == plain


@pytest.mark.parametrize("update", [lambda w, g: w - 0.01 * g**3, lambda w, _g: w, lambda w, g: w * np.nan + g])
def test_what_follows_no_rule_is_not_recognised(update: Any) -> None:
    weight, found = START, []
    for gradient in GRADIENTS:
        weight = update(weight, gradient)
        found.append(weight)
    assert recognise(found, RATES, {"momentum": 0.9}) is None


@pytest.mark.parametrize("framework", ["torch", "tensorflow", "jax"])
def test_classes_as_people_write_them(framework: str) -> None:
    command = [sys.executable, f"tests/frameworks/derived/optimizers_{framework}.py"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    for name, (kind, wanted) in WANTED[framework].items():
        found = told[name]
        assert found is None if kind is None else found[0] == kind, (name, found)
        assert {word: found[1][word] for word in wanted} == wanted if found else True, (name, found)
    assert told["untouched"]


WANTED: dict[str, dict[str, tuple[str | None, dict[str, Any]]]] = {
    "torch": {
        "RootRMSprop": ("rmsprop", {"rho": 0.8, "epsilon": 1e-6, "epsilon_inside_root": True}),
        "SignMomentum": ("lion", {"beta_1": 0.9, "beta_2": 0.99}),
        "HandAdam": ("adam", {"beta_1": 0.9, "beta_2": 0.99, "epsilon": 1e-8}),
        "Needy": (None, {}),
    },
    "jax": {
        "hand_momentum": ("sgd", {"momentum": 0.8}),
        "own_adam": ("adam", {"beta_1": 0.9, "beta_2": 0.99, "epsilon": 1e-6}),
        "needy": (None, {}),
    },
    "tensorflow": {
        "AfterAdam": ("adam", {"beta_1": 0.9, "beta_2": 0.99, "epsilon": 1e-6, "beta_precision": "float64"}),
        "Needy": (None, {}),
    },
}
