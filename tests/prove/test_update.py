"""First steps that are apart by what an update makes of rounding, and such as are apart by more."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paragone.meaning.numpy_numbers import NUMPY
from paragone.optimizers import optimizer_kinds
from paragone.optimizers.rule import At, updated
from paragone.prove.ladder import Trace, rungs
from paragone.prove.no_gradient import NoGradient
from paragone.prove.tolerances import ROUNDING, TOLERANCES, UNDECIDED
from paragone.prove.update import Update, updates_of
from paragone.records import Rung

from .subjects import make_subject

START = {"dense_1/kernel_io": np.linspace(-1.0, 1.0, 60).reshape(6, 10)}
NAME = "dense_1/kernel_io"
OPTIONS = {
    ("optimizer", "optimizer"): "adam",
    ("optimizer", "learning_rate"): 1e-3,
    ("optimizer", "beta_1"): 0.9,
    ("optimizer", "beta_2"): 0.999,
    ("optimizer", "epsilon"): 1e-8,
}


def known(**changed: float) -> tuple[Update, ...]:
    traits = OPTIONS | {("optimizer", name): value for name, value in changed.items()}
    return updates_of([make_subject("a", traits)], START)


def stepped(gradient: np.ndarray, **changed: float) -> Trace:
    """A side that made one step along a gradient."""
    rule = optimizer_kinds()["adam"].rule
    assert rule is not None
    options = {name: value for (_, name), value in OPTIONS.items()} | changed
    state = {name: np.full_like(gradient, value) for name, value in rule.slots(options).items()}
    after, _ = updated(NUMPY, rule, options, At(1, options["learning_rate"], START[NAME], gradient, state))
    return Trace.of({f"gradients/{NAME}": gradient, f"weights/1/{NAME}": after}, START, "logits")


def step(a: Trace, b: Trace, updates: tuple[Update, ...], floor: float = 1e-12) -> Rung:
    floors = {f"step/{NAME}": floor, f"gradients/{NAME}": floor}
    return rungs(a, b, "float64", floors, NoGradient(), names=["step"], updates=updates)[0]


def gradients(seed: int, rounding: float) -> tuple[np.ndarray, np.ndarray]:
    """Two that rounding alone parts, with elements as small as an epsilon."""
    noise = np.random.default_rng(seed)
    gradient = noise.normal(size=(6, 10)) * 10.0 ** noise.uniform(-9, 0, size=(6, 10))
    gradient[0, 0] = 1e-8
    return gradient, gradient + rounding * noise.uniform(0.5, 1.0, size=(6, 10))


@given(st.integers(0, 10_000), st.floats(1e-15, 5e-14))
def test_a_step_that_its_update_makes_of_rounding_is_the_same(seed: int, rounding: float) -> None:
    one, other = gradients(seed, rounding)
    a, b = stepped(one), stepped(other)
    rung = step(a, b, known())
    assert step(a, b, ()).verdict == "different"
    assert rung.verdict == "same"
    assert "no further apart than the update makes of gradients that are the same" in rung.detail


@given(st.integers(0, 10_000), st.floats(1e-8, 1e-2))
def test_a_step_that_is_apart_by_more_is_not(seed: int, relative: float) -> None:
    one, other = gradients(seed, 1e-15)
    a, b = stepped(one), stepped(other, learning_rate=1e-3 * (1.0 + relative))
    assert step(a, b, known()).verdict == "different"
    assert step(a, b, known(learning_rate=1e-3 * (1.0 + relative))).verdict == "different"


@pytest.mark.parametrize("name", ["epsilon", "beta_2"])
def test_another_number_in_the_optimizer_is_seen_beside_rounding(name: str) -> None:
    one, other = gradients(1, 1e-15)
    value = {"epsilon": 1e-7, "beta_2": 0.99}[name]
    a, b = stepped(one), stepped(other, **{name: value})
    verdicts = {step(a, b, updates).verdict for updates in (known(), known(**{name: value}))}
    assert verdicts == ({"same"} if name == "beta_2" else {"different"})  # a first step does not depend on beta 2


def test_steps_do_not_excuse_gradients_that_are_apart() -> None:
    one, _ = gradients(2, 0.0)
    a, b = stepped(one), stepped(one * (1.0 + 1e-8))
    assert step(a, b, known()).verdict != "same"


def test_sides_that_clip_or_are_of_an_unknown_kind_have_no_known_update() -> None:
    assert known(clip_global_norm=1.0) == ()
    assert updates_of([make_subject("a", {**OPTIONS, ("optimizer", "optimizer"): "own"})], START) == ()
    assert [one.rate for one in known()] == [1e-3]
    lacking = replace(known()[0], options={})
    one, other = gradients(3, 1e-15)
    assert lacking.left(stepped(one).arrays, stepped(other).arrays, NAME) is None


@pytest.mark.parametrize(("floors", "verdict"), [(0.9, "same"), (0.9 * UNDECIDED / ROUNDING, "undecided")])
def test_three_floors_are_rounding_and_ten_undecided(floors: float, verdict: str) -> None:
    one, _ = gradients(4, 0.0)
    a = stepped(one)
    far = 1e3 * TOLERANCES["gradients"]
    b = Trace.of({**a.arrays, f"gradients/{NAME}": one * (1.0 + far)}, START, "logits")
    floor = {f"gradients/{NAME}": far / (floors * ROUNDING)}
    rung = rungs(a, b, "float64", floor, NoGradient(), names=["gradients"])[0]
    assert rung.verdict == verdict
    assert ("within three floors" in rung.detail) is (verdict == "same")
