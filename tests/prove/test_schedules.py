"""What kind of difference two schedules have, from the rates alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from paragone.prove.schedules import with_schedules
from paragone.prove.subject import Subject
from paragone.sides.scan import SideFile

from .harness import prove_texts

Array = np.ndarray[Any, Any]
KIND = {"where": "optimizer", "name": "optimizer", "value": "sgd", "trap": "optimizer", "row": None, "line": 3}
STEPS = 24
FALLING = st.tuples(st.floats(0.5, 0.97), st.floats(1e-4, 1.0)).map(lambda pair: pair[1] * pair[0] ** np.arange(STEPS))
RISING = st.integers(3, 8).map(lambda n: np.minimum(np.arange(1, STEPS + 1) / n, 1.0))


def named(a: Array, b: Array, epoch: int = 1000) -> str:
    """The trap that the second side's schedule is."""

    def subject(name: str) -> Subject:
        file = SideFile(name, Path(name), name, "", "torch", "", name, ())
        return Subject(file, {"traits": [{**KIND, "settable": True}]})

    _, second = with_schedules([subject("a"), subject("b")], {"a": a, "b": b}, epoch)
    return second.seen[-1].trap


@given(FALLING, st.integers(2, STEPS // 2))
def test_a_schedule_that_counts_epochs(rates: Array, epoch: int) -> None:
    by_epoch = rates[np.arange(STEPS) // epoch]
    assert named(rates, by_epoch, epoch) == named(by_epoch, rates, epoch) == "schedule-unit"
    assert named(rates, by_epoch) == "schedule-unit"  # whatever it is that is counted


@given(FALLING, st.integers(2, 5))
def test_a_staircase_that_keeps_pace_counts_the_same(rates: Array, width: int) -> None:
    assert named(rates, rates[np.arange(STEPS) // width * width]) == "schedule"


@given(FALLING)
def test_a_schedule_one_step_late(rates: Array) -> None:
    late = np.concatenate([rates[:1], rates[:-1]])
    assert named(rates, late) == named(late, rates) == "schedule-off-by-one"


@given(FALLING, st.floats(1.1, 100.0))
def test_a_schedule_of_another_scale(rates: Array, factor: float) -> None:
    assert named(rates, factor * rates) == "learning-rate"


@given(RISING, st.floats(0.5, 0.9))
def test_a_schedule_that_falls_after_its_rise(rates: Array, factor: float) -> None:
    top = int(np.argmax(rates))
    fast, slow = (
        np.concatenate([rates[: top + 1], rates[top] * base ** np.arange(1, STEPS - top)]) for base in (factor, 0.95)
    )
    assert named(fast, slow) == "schedule-warm-up"


@given(st.integers(6, 15))
def test_a_schedule_that_rises_again_after_its_end(end: int) -> None:
    steps = np.arange(STEPS)
    wave = 0.5 * (1 + np.cos(np.pi * steps / end))
    assert named(wave, np.where(steps < end, wave, 0.0)) == "schedule-after-its-end"


@given(FALLING, FALLING)
def test_no_schedule_is_called_another_where_there_is_no_difference(rates: Array, other: Array) -> None:
    assume(not np.allclose(rates, other, rtol=1e-5))
    assert named(rates, rates) == "schedule"


@given(FALLING)
def test_a_schedule_in_float32_is_told_from_an_exact_one(rates: Array) -> None:
    rounded = rates.astype(np.float32).astype(np.float64)
    assume(not np.allclose(rounded, rates, rtol=1e-9, atol=0.0))
    assert named(rates, rounded) == named(rounded, rates) == "schedule-precision"
    assert named(rates, rates * (1 + 1e-14)) == "schedule"


TORCH = """
import torch
from torch import nn

model = nn.Sequential(nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 3))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.9)
"""
JAX = """
import jax.numpy as jnp
import optax
from flax import nnx


class Net(nnx.Module):
    def __init__(self, rngs):
        self.hidden = nnx.Linear(6, 5, rngs=rngs)
        self.out = nnx.Linear(5, 3, rngs=rngs)

    def __call__(self, x):
        return self.out(jnp.tanh(self.hidden(x)))


model = Net(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.sgd(optax.exponential_decay(0.1, 2, 0.9, staircase=True)), wrt=nnx.Param)


def loss_fn(model, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()
"""


def test_a_schedule_of_optax_in_float32_is_named_and_made_exact(tmp_path: Path) -> None:
    """Both fall once an epoch, which is two steps."""
    pair, proof = prove_texts(tmp_path, TORCH, JAX)
    assert [(cause.trap, cause.row) for cause in pair.causes] == [("schedule-precision", "F13")]
    assert [one.verdict for one in proof.corrected] == ["same"]
