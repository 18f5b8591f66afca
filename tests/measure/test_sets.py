from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from paragone.measure.plan import Pace
from paragone.measure.sets import Contender, run_set
from paragone.measure.warmup import LONGEST
from paragone.records import ContenderSet

SIDES = ("keras", "torch", "jax")
STEP_S = {"keras": 0.001, "torch": 0.0005, "jax": 0.002}
PACE = Pace(block_s=0.04, warmup_s=0.8, timed_s=0.8)


@pytest.fixture
def contenders(contender: Any) -> list[Contender]:
    return [contender(side) for side in SIDES]


def blocks_in_order(stand: Any) -> list[int]:
    """Numbers of the processes in the order in which they were timed after the last start."""
    started = max(i for i, call in enumerate(stand.calls) if call[0] == "time_start")
    timed = [number for op, _, number in stand.calls[started:] if op == "time_steps"]
    first_block = next(i for i, number in enumerate(timed) if number != timed[0])
    return timed[first_block - 1 :]


def test_each_contender_has_one_process_and_one_of_them_two(stable: Any, contenders: Any) -> None:
    for number, doubled in enumerate((*SIDES, *SIDES)):
        stand = stable(STEP_S)
        record = run_set(number, contenders, pace=PACE, seed=0, launch=stand.launch)
        assert sorted(process.side for process in stand.launched) == sorted([*SIDES, doubled])
        assert record.twin_of == f"{doubled}/idiomatic"
        assert record.twin is not None
        assert set(record.contenders) == {f"{side}/idiomatic" for side in SIDES}
        assert record.failed == {}


def test_every_process_is_closed_and_paused_while_others_run(stable: Any, contenders: Any) -> None:
    stand = stable(STEP_S)  # its processes themselves refuse to run beside another
    run_set(0, contenders, pace=PACE, seed=0, launch=stand.launch)
    assert stand.alive() == []
    assert stand.awake == set()


def test_rounds_are_mirrored_and_in_different_orders(stable: Any, contenders: Any) -> None:
    stand = stable(STEP_S)
    record = run_set(0, contenders, pace=PACE, seed=0, launch=stand.launch, rounds=8)
    timed = blocks_in_order(stand)[-8 * 8 :]
    rounds = [timed[i : i + 8] for i in range(0, len(timed), 8)]
    assert all(one == one[::-1] and len(set(one)) == 4 for one in rounds)
    assert len({tuple(one) for one in rounds}) > 1
    assert all(len(one.block_step_s) == 16 for one in record.contenders.values())


def test_the_same_seed_gives_the_same_orders_and_another_seed_others(stable: Any, contenders: Any) -> None:
    def order(seed: int) -> list[tuple[str, str, int]]:
        stand = stable(STEP_S)
        run_set(0, contenders, pace=PACE, seed=seed, launch=stand.launch, rounds=8)
        return stand.calls

    assert order(1) == order(1)
    assert order(1) != order(2)


def test_blocks_last_as_long_as_the_pace_says(stable: Any, contenders: Any) -> None:
    record = run_set(0, contenders, pace=Pace(block_s=0.04), seed=0, launch=stable(STEP_S).launch)
    for name, one in record.contenders.items():
        assert one.steps_per_block * STEP_S[name.partition("/")[0]] == pytest.approx(0.04, rel=0.15)


def test_a_step_longer_than_a_block_is_a_block(stable: Any, contender: Any) -> None:
    record = run_set(0, [contender("slow")], pace=PACE, seed=0, launch=stable({"slow": 0.5}).launch)
    slow = record.contenders["slow/idiomatic"]
    assert slow.steps_per_block == 1
    assert record.rounds == PACE.min_rounds


def test_warm_up_takes_its_time_and_no_more(stable: Any, contender: Any) -> None:
    stand = stable({"torch": 0.001})
    one = run_set(0, [contender("torch")], pace=PACE, seed=0, launch=stand.launch).contenders["torch/idiomatic"]
    assert 0.9 * PACE.warmup_s <= one.warmup_steps * 0.001 <= 1.3 * PACE.warmup_s
    assert one.warm is True


def warmed_up(stable: Any, contender: Any, step_s: float, pace: Callable[[str, float], float]) -> ContenderSet:
    stand = stable({"torch": step_s}, pace=pace)
    return run_set(0, [contender("torch")], pace=PACE, seed=0, launch=stand.launch).contenders["torch/idiomatic"]


def test_a_process_is_timed_once_it_no_longer_becomes_faster(stable: Any, contender: Any) -> None:
    one = warmed_up(stable, contender, 0.001, lambda side, at_s: 1 + 0.5 * math.exp(-at_s / 0.4))
    assert one.warm is True
    assert 1.2 < one.warmup_s < LONGEST * PACE.warmup_s
    assert max(one.block_step_s) < 1.06 * min(one.block_step_s)


def test_a_process_that_is_never_warm_is_timed_after_a_while_and_says_so(stable: Any, contender: Any) -> None:
    one = warmed_up(stable, contender, 0.001, lambda side, at_s: 1 / (1 + at_s))
    assert one.warm is False
    assert LONGEST * PACE.warmup_s <= one.warmup_s < 1.1 * LONGEST * PACE.warmup_s


def test_steps_that_jump_about_have_no_trend(stable: Any, contender: Any) -> None:
    jumps = iter(range(10**6))
    one = warmed_up(stable, contender, 0.001, lambda side, at_s: 1 + next(jumps) % 2)
    assert one.warm is True


def test_steps_that_are_too_long_to_tell_do_not_hold_up_the_set(stable: Any, contender: Any) -> None:
    one = warmed_up(stable, contender, 2.0, lambda side, at_s: 1.0)
    assert one.warm is None
    assert one.warmup_steps <= 3


def test_a_neighbour_that_slows_everything_down_does_not_hold_up_the_set(stable: Any, contenders: Any) -> None:
    stand = stable(STEP_S, slow_after=4 * 20)
    record = run_set(0, contenders, pace=PACE, seed=0, launch=stand.launch)
    timed = len(record.contenders["keras/idiomatic"].block_step_s)
    assert 2 * PACE.min_rounds <= timed < 2 * record.rounds
    assert {len(one.block_step_s) for one in record.contenders.values()} == {timed}


def test_the_raw_figures_add_up(stable: Any, contenders: Any) -> None:
    record = run_set(0, contenders, pace=PACE, seed=0, launch=stable(STEP_S).launch)
    for one in record.contenders.values():
        phases = sum(one.phases_s.model_dump().values())
        assert phases + one.steady_s == pytest.approx(one.accounted_s, rel=0.01)
        assert one.memory_bytes.after_import <= one.memory_bytes.after_build <= one.memory_bytes.peak


@pytest.mark.parametrize(
    ("op", "succeeds"), [("time_start", 0), ("time_steps", 3), ("time_steps", 60), ("time_end", 0)]
)
def test_a_contender_that_fails_leaves_and_the_others_finish(
    stable: Any, contenders: Any, op: str, succeeds: int
) -> None:
    stand = stable(STEP_S, fails=("torch", op, succeeds))
    record = run_set(1, contenders, pace=PACE, seed=0, launch=stand.launch)
    assert set(record.contenders) == {"keras/idiomatic", "jax/idiomatic"}
    assert "out of memory" in record.failed["torch/idiomatic"]
    assert record.twin is None  # set 1 doubles torch, and both of its processes left
    assert {len(one.block_step_s) for one in record.contenders.values()} == {2 * record.rounds}
    assert stand.alive() == []


def test_when_all_fail_there_is_a_record_of_why(stable: Any, contender: Any) -> None:
    stand = stable({"torch": 0.001}, fails=("torch", "time_start", 0))
    record = run_set(0, [contender("torch")], pace=PACE, seed=0, launch=stand.launch)
    assert record.contenders == {}
    assert set(record.failed) == {"torch/idiomatic"}


def test_an_interruption_closes_every_process(stable: Any, contenders: Any) -> None:
    stand = stable(STEP_S, kill_after=90)
    with pytest.raises(KeyboardInterrupt):
        run_set(0, contenders, pace=PACE, seed=0, launch=stand.launch)
    assert stand.alive() == []


def test_start_orders_change_from_set_to_set(stable: Any, contenders: Any) -> None:
    orders = []
    for number in range(0, 12, 3):
        stand = stable(STEP_S)
        run_set(number, contenders, pace=PACE, seed=0, launch=stand.launch)
        orders.append([process.side for process in stand.launched])
    assert any(one != other for one, other in pairwise(orders))
