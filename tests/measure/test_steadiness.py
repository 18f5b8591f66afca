from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paragone.measure import words
from paragone.measure.statistics import Pairing, compare
from paragone.measure.steadiness import drift, moved_too_far, steadiness
from paragone.records import ContenderSet, Memory, Phases, Steadiness

ALPHA = 0.01
STEP = Pairing("torch", "keras", "idiomatic", "step")


def process(blocks: Sequence[float], warm: bool | None = True) -> ContenderSet:
    return ContenderSet(
        set=0,
        phases_s=Phases(start=0, import_=0, build=0, compile=0, first_step=0),
        steady_s=1,
        wall_s=1,
        accounted_s=1,
        memory_bytes=Memory(peak=1, after_import=1, after_build=1),
        warmup_steps=10,
        warmup_s=0.5,
        warm=warm,
        steps_per_block=10,
        block_step_s=tuple(blocks),
    )


def sets(dice: np.random.Generator, change: float, n: int = 8, machine: float = 0.01) -> list[list[ContenderSet]]:
    """Processes whose steps change by `change` from the first block to the last, on a machine whose speed wanders."""
    course = np.linspace(0, 1, 24)
    rows = math.log1p(change) * course + machine * dice.standard_normal((n, 1)) * course
    return [[process(np.exp(row + 0.01 * np.abs(dice.standard_normal(24))))] for row in rows]


def judged(change: float, seed: int, **other: float) -> Steadiness:
    found = steadiness(sets(np.random.default_rng(seed), change, **other), ALPHA, 0.02)  # type: ignore[arg-type]
    assert found is not None
    return found


@given(st.lists(st.floats(0.5, 2), min_size=4, max_size=24), st.floats(0.1, 10))
def test_drift_has_no_unit_and_turns_round_with_time(blocks: list[float], factor: float) -> None:
    assert drift([block * factor for block in blocks]) == pytest.approx(drift(blocks), abs=1e-9)
    assert drift(blocks[::-1]) == pytest.approx(-drift(blocks), abs=1e-9)


def test_a_machine_that_wanders_is_not_a_contender_that_does() -> None:
    verdicts = [judged(0.0, seed, machine=0.05).verdict for seed in range(1000)]
    assert verdicts.count("not steady") < 20  # nominal 10, and 3 standard errors
    assert verdicts.count("undecided") > 900


def test_on_a_quiet_machine_steady_is_known() -> None:
    verdicts = [judged(0.0, seed, machine=0.002).verdict for seed in range(200)]
    assert verdicts.count("steady") > 190


@pytest.mark.parametrize(("change", "way"), [(-0.1, "faster"), (0.1, "slower")])
def test_what_changes_in_every_set_is_not_steady(change: float, way: str) -> None:
    found = [judged(change, seed) for seed in range(200)]
    assert sum(one.verdict == "not steady" for one in found) > 190
    assert np.median([one.drift for one in found]) == pytest.approx(math.exp(math.log1p(change) / 2), abs=0.005)
    assert f"became 5.0 % {way}" in words.of_steadiness(found[0].model_copy(update={"drift": 1 + change / 2}))


def test_a_change_that_matters_to_nobody_is_steady() -> None:
    assert judged(0.01, 0, machine=0.0005).verdict == "steady"


def test_processes_that_were_not_warm_are_not_steady() -> None:
    cold = [[process([1.0] * 8, warm=False)] for _ in range(5)]
    found = steadiness([*cold, [process([1.0] * 8)]], ALPHA, 0.02)
    assert found is not None
    assert (found.verdict, found.cold, found.processes) == ("not steady", 5, 6)
    assert "5 of its 6 processes were not warm" in words.of_steadiness(found)


def test_one_set_or_few_blocks_say_nothing() -> None:
    assert steadiness([[process([1.0] * 8)]], ALPHA, 0.02) is None
    assert steadiness([[process([1.0] * 2)]] * 3, ALPHA, 0.02) is None


def test_a_verdict_between_sides_that_move_must_be_larger_than_the_move() -> None:
    moving, still = judged(-0.2, 1), judged(0.0, 1, machine=0.002)
    assert (moving.verdict, still.verdict) == ("not steady", "steady")
    near, far = compare(STEP, [0.03, 0.031, 0.029]), compare(STEP, [0.7, 0.71, 0.69])
    assert moved_too_far(near, moving, still)
    assert moved_too_far(near, still, moving)
    assert not moved_too_far(far, moving, still)
    assert not moved_too_far(near, still, still)
    assert not moved_too_far(near, None, None)
