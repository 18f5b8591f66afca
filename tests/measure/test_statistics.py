from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paragone.measure.statistics import Certainty, Pairing, compare, summarise, undisturbed_s, withhold

STEP = Pairing("torch", "keras", "idiomatic", "step")
MEMORY = Pairing("torch", "keras", "idiomatic", "peak memory", is_size=True)
OPPOSITE = {"faster": "slower", "slower": "faster", "tie": "tie"}

logs = st.lists(st.floats(-0.3, 0.3), min_size=3, max_size=12)
seconds = st.floats(1e-6, 1e3)


def samples(sets: int, *, sd: float, shift: float, seed: int, runs: int) -> np.ndarray:
    return shift + sd * np.random.default_rng(seed).standard_normal((runs, sets))


@given(logs)
def test_swapping_the_two_inverts_everything(values: list[float]) -> None:
    there, back = compare(STEP, values), compare(STEP, [-value for value in values])
    assert there.ratio == pytest.approx(1 / back.ratio)
    assert there.low == pytest.approx(1 / back.high)
    assert there.high == pytest.approx(1 / back.low)
    assert there.detectable == pytest.approx(back.detectable)
    assert there.verdict == OPPOSITE[back.verdict]


@given(logs, st.floats(0.1, 10))
def test_a_common_factor_scales_the_ratio_and_not_what_could_be_detected(values: list[float], factor: float) -> None:
    once, scaled = compare(STEP, values), compare(STEP, [value + math.log(factor) for value in values])
    assert scaled.ratio == pytest.approx(once.ratio * factor)
    assert scaled.low == pytest.approx(once.low * factor)
    assert scaled.high == pytest.approx(once.high * factor)
    assert scaled.detectable == pytest.approx(once.detectable, rel=1e-6, abs=1e-9)


@given(logs)
def test_the_order_of_the_sets_does_not_matter(values: list[float]) -> None:
    assert compare(STEP, values).high == pytest.approx(compare(STEP, values[::-1]).high)


@given(logs, st.integers(2, 20))
def test_more_pairs_make_wider_intervals(values: list[float], family: int) -> None:
    alone, among = compare(STEP, values), compare(STEP, values, Certainty(family=family))
    assert among.low <= alone.low <= alone.high <= among.high
    assert among.detectable >= alone.detectable


@given(logs, st.floats(0.01, 0.99))
def test_a_look_that_may_spend_less_has_a_wider_interval(values: list[float], share: float) -> None:
    only, early = compare(STEP, values), compare(STEP, values, Certainty(share=share))
    assert early.low <= only.low <= only.high <= early.high
    assert early.alpha == pytest.approx(0.01 * share)


@given(logs)
def test_it_is_a_tie_exactly_where_the_interval_holds_one(values: list[float]) -> None:
    ratio = compare(STEP, values)
    assert (ratio.verdict == "tie") == (ratio.low <= 1 <= ratio.high)


def test_the_interval_is_students() -> None:
    ratio = compare(STEP, [0.1, 0.2, 0.3], Certainty(0.95))
    reach = 4.302652729911275 * 0.1 / math.sqrt(3)  # t(0.975, 2 degrees of freedom), from a table
    assert math.log(ratio.ratio) == pytest.approx(0.2)
    assert math.log(ratio.high) == pytest.approx(0.2 + reach)
    assert math.log(ratio.low) == pytest.approx(0.2 - reach)


def test_less_time_is_faster_and_less_memory_is_less() -> None:
    assert compare(STEP, [-0.5, -0.51, -0.49]).verdict == "faster"
    assert compare(STEP, [0.5, 0.51, 0.49]).verdict == "slower"
    assert compare(MEMORY, [-0.5, -0.51, -0.49]).verdict == "less"
    assert compare(MEMORY, [0.5, 0.51, 0.49]).verdict == "more"


def test_hopeless_spread_still_gives_numbers() -> None:
    ratio = compare(STEP, [-300.0, 300.0], Certainty(family=20))
    assert ratio.verdict == "tie"
    assert 0 < ratio.low < 1 < ratio.high < math.inf
    assert math.isfinite(ratio.detectable)


def test_one_set_is_not_enough() -> None:
    with pytest.raises(ValueError, match="at least 2 sets"):
        compare(STEP, [0.1])


def test_what_is_withheld_keeps_its_figures() -> None:
    ratio = compare(STEP, [-0.5, -0.51, -0.49])
    held = withhold(ratio, "for a reason")
    assert held.sentence == "withheld: for a reason"
    assert held.verdict == "withheld"
    assert (held.ratio, held.low, held.high) == (ratio.ratio, ratio.low, ratio.high)


@pytest.mark.parametrize("sets", [3, 6, 12])
def test_identical_programs_raise_false_alarms_at_the_nominal_rate(sets: int) -> None:
    runs = samples(sets, sd=0.03, shift=0.0, seed=11, runs=4000)
    alarms = np.mean([compare(STEP, row).verdict != "tie" for row in runs])
    assert 0.005 < alarms < 0.015  # nominal 0.01, 4 standard errors are 0.0063


def test_several_pairs_together_keep_the_level() -> None:
    runs = samples(5, sd=0.03, shift=0.0, seed=12, runs=3 * 3000).reshape(3000, 3, 5)
    families = [[compare(STEP, row, Certainty(family=3)).verdict != "tie" for row in three] for three in runs]
    assert 0.004 < np.mean(np.any(families, axis=1)) < 0.016


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    runs = samples(5, sd=0.04, shift=math.log(1.3), seed=13, runs=3000)
    ratios = [compare(STEP, row, Certainty(0.9)) for row in runs]
    assert 0.88 < np.mean([ratio.low <= 1.3 <= ratio.high for ratio in ratios]) < 0.92


def test_a_difference_of_the_detectable_size_is_seen_about_nine_times_in_ten() -> None:
    sets, sd = 8, 0.03
    noise = samples(sets, sd=sd, shift=0.0, seed=14, runs=3000)
    detectable = np.median([compare(STEP, row).detectable for row in noise])
    seen = np.mean([compare(STEP, row + math.log1p(detectable)).verdict != "tie" for row in noise])
    assert 0.8 < seen < 0.95  # 0.9 for the true spread; here it is estimated from 8 sets


@given(st.lists(seconds, min_size=1, max_size=40), st.floats(0.1, 10))
def test_the_undisturbed_step_scales_and_lies_among_the_blocks(blocks: list[float], factor: float) -> None:
    step_s = undisturbed_s(blocks)
    assert min(blocks) <= step_s <= max(blocks)
    assert undisturbed_s([block * factor for block in blocks]) == pytest.approx(step_s * factor)


def test_neighbours_that_disturb_half_of_the_blocks_do_not_count() -> None:
    quiet = [1.0, 1.01, 0.99, 1.0] * 5
    disturbed = [block * (8.0 if i % 2 else 1.0) for i, block in enumerate(quiet)]
    assert undisturbed_s(disturbed) == pytest.approx(undisturbed_s(quiet), rel=0.02)


@given(st.lists(seconds, min_size=2, max_size=12), st.floats(0.1, 10))
def test_a_summary_scales_with_its_values(values: list[float], factor: float) -> None:
    once, scaled = summarise(values), summarise([value * factor for value in values])
    assert once.low <= once.mid <= once.high
    assert scaled.mid == pytest.approx(once.mid * factor)
    assert scaled.high / scaled.low == pytest.approx(once.high / once.low)
    assert scaled.n == len(values)


def test_a_summary_of_one_value_is_that_value() -> None:
    only = summarise([0.25])
    assert (only.mid, only.low, only.high, only.n) == (pytest.approx(0.25), pytest.approx(0.25), pytest.approx(0.25), 1)
