from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paragone.errors import InputError
from paragone.measure.plan import MAX_SETS, MIN_SETS, Pace, check_budget, sets_within, smallest_budget_s

starts = st.lists(st.tuples(st.floats(0.1, 60), st.floats(1e-5, 3)), min_size=1, max_size=6)


@given(starts, st.floats(1, 20))
def test_the_sets_fit_the_budget(contenders: list[tuple[float, float]], times: float) -> None:
    start_s, step_s = zip(*contenders, strict=True)
    pace = Pace()
    budget_s = smallest_budget_s(start_s, step_s, pace) * times
    sets = sets_within(budget_s, start_s, step_s, pace)
    assert MIN_SETS <= sets <= MAX_SETS
    assert sets * pace.set_s(start_s, step_s) <= budget_s * (1 + 1e-9)


@given(starts)
def test_less_than_the_smallest_budget_is_refused_and_the_smallest_is_named(
    contenders: list[tuple[float, float]],
) -> None:
    start_s, step_s = zip(*contenders, strict=True)
    smallest = smallest_budget_s(start_s, step_s)
    with pytest.raises(InputError) as caught:
        check_budget(smallest * 0.99, start_s, step_s)
    assert f"at least {math.ceil(smallest)} seconds" in caught.value.expected


def test_the_named_budget_is_enough() -> None:
    start_s, step_s = [4.2, 3.1], [0.001, 0.002]
    enough = math.ceil(smallest_budget_s(start_s, step_s))
    check_budget(enough, start_s, step_s)
    assert sets_within(enough, start_s, step_s, Pace()) == MIN_SETS


def test_slow_steps_get_fewer_rounds_but_never_too_few() -> None:
    pace = Pace(block_s=0.05, timed_s=1.0, min_rounds=3)
    assert pace.rounds([0.001, 0.001]) == 10
    assert pace.rounds([0.1, 0.1]) == 5
    assert pace.rounds([2.0, 2.0]) == 3


def test_a_contender_that_starts_slowly_costs_its_start_in_every_set() -> None:
    pace = Pace()
    slow, quick = pace.set_s([30.0, 3.0], [0.001, 0.001]), pace.set_s([3.0, 3.0], [0.001, 0.001])
    assert slow - quick > 27.0
