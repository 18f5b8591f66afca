from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paragone.measure.sweep import words
from paragone.measure.sweep.crossing import crossings, leader
from paragone.records import SizeRatio, SpeedVerdict, SweepPlan, SweptPair

from .made import ratio

PLAN = SweepPlan(
    axis="batch=1,8,64,512", called="batch size", counted="sample", sizes=(1, 8, 64, 512), sets=3, block_s=0.03,
    timed_s=0.3, warmup_s=0.25, budget_s=100.0, level=0.99, batch_size=32, threads=1, matters=0.02,
    parent_cpu_share=0.0,
)  # fmt: skip


def told(*ratios: SizeRatio) -> str:
    pair = SweptPair(a="torch", b="keras", track="idiomatic", ratios=ratios, crossings=crossings(ratios))
    return words.of_pair(pair, PLAN)


def test_a_crossing_lies_between_the_nearest_sizes_that_are_certain() -> None:
    ratios = (ratio(1, 0.5, "faster"), ratio(8, 0.8, "faster"), ratio(64, 1.0), ratio(512, 1.6, "slower"))
    (found,) = crossings(ratios)
    assert (found.below, found.above, found.low, found.high) == ("torch", "keras", 8, 512)
    assert found.size == pytest.approx(64)
    assert told(*ratios) == ("below batch size 64 (8 to 512) torch is ahead, above it keras; not told apart at 64")


def test_the_lead_may_change_twice() -> None:
    ratios = (ratio(1, 2.0, "slower"), ratio(8, 0.5, "faster"), ratio(64, 2.0, "slower"))
    assert [(one.below, one.above) for one in crossings(ratios)] == [("keras", "torch"), ("torch", "keras")]
    assert told(*ratios).count("above it") == 2


@pytest.mark.parametrize(
    ("verdicts", "says"),
    [
        (("faster",) * 4, "torch is ahead of keras at every batch size; no crossing seen"),
        (
            ("tie", "faster", "faster", "tie"),
            "torch is ahead of keras at batch size 8 to 64; no crossing seen; not told apart at 1 and 512",
        ),
        (("tie",) * 4, "torch and keras: no crossing seen, and at no size a difference that is certain"),
        (("withheld",) * 4, "torch and keras: nobody is said to be ahead, since the instrument failed its own test"),
    ],
)
def test_where_the_lead_does_not_change_that_is_the_answer(verdicts: tuple[SpeedVerdict, ...], says: str) -> None:
    assert told(*(ratio(size, 0.5, one) for size, one in zip(PLAN.sizes, verdicts, strict=True))) == says


def test_sides_that_were_never_timed_at_one_size_have_no_order() -> None:
    assert told() == "torch and keras: at no size were both timed"


@given(st.lists(st.tuples(st.floats(-3, 3), st.booleans()), min_size=2, max_size=10))
def test_every_crossing_is_bounded_by_opposite_certain_leads(drawn: list[tuple[float, bool]]) -> None:
    """Whatever the ratios: each crossing has its ends among the sizes, its size between them, and other leaders."""
    ratios = tuple(
        ratio(2**place, math.exp(log), ("tie" if not certain or abs(log) < 1e-6 else "faster" if log < 0 else "slower"))
        for place, (log, certain) in enumerate(drawn)
    )
    at = {one.size: leader(one.ratio) for one in ratios}
    certain = [name for name in at.values() if name]
    found = crossings(ratios)
    assert len(found) == sum(one != other for one, other in pairwise(certain))
    for one in found:
        assert (at[one.low], at[one.high]) == (one.below, one.above)
        assert one.low * (1 - 1e-9) <= one.size <= one.high * (1 + 1e-9)
