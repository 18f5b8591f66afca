from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paragone.prove.plan import plan_proof
from paragone.prove.tolerances import FLOOR_RUNS

from .subjects import make_subject


def test_quick_sides_get_the_steps_that_were_asked_for() -> None:
    plan = plan_proof([make_subject("torch", step_s=1e-4)], 500, 3, FLOOR_RUNS)
    assert (plan.steps, plan.seed, plan.note) == (500, 3, "")
    assert plan.checkpoints == (1, 2, 5, 10, 20, 50, 100, 200, 500)


def test_the_slowest_side_shortens_the_trajectory_and_it_is_said() -> None:
    plan = plan_proof([make_subject("torch", step_s=1e-4), make_subject("jax", step_s=0.05)], 500, 0, 16)
    assert 20 <= plan.steps < 100
    assert f"{plan.steps} steps instead of 500" in plan.note
    assert plan.checkpoints[-1] == plan.steps


def test_large_models_keep_only_the_first_and_the_last_weights() -> None:
    plan = plan_proof([make_subject("torch", n_parameters=3_000_000)], 500, 0, 16)
    assert plan.checkpoints == (1, 500)


@given(st.integers(1, 5000), st.floats(1e-6, 10.0), st.integers(1, 10**8))
def test_any_plan_can_be_carried_out(asked: int, step_s: float, n_parameters: int) -> None:
    plan = plan_proof([make_subject("torch", step_s=step_s, n_parameters=n_parameters)], asked, 0, 16)
    assert 1 <= plan.steps <= asked
    assert plan.checkpoints[0] == 1
    assert plan.checkpoints[-1] == plan.steps
    assert list(plan.checkpoints) == sorted(set(plan.checkpoints))
    assert (plan.note == "") == (plan.steps == asked)


@pytest.mark.parametrize("asked", [1, 2, 3])
def test_a_trajectory_of_few_steps(asked: int) -> None:
    assert plan_proof([make_subject("torch")], asked, 0, 16).checkpoints == tuple(range(1, asked + 1))[:2] + (
        (3,) if asked == 3 else ()
    )
