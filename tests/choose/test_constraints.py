from __future__ import annotations

import pytest

from paragone.choose.constraints import decide_constraints
from paragone.choose.profile import Requirements

from .worlds import Planted, World, build


def unmet(made: World, **required: float) -> list[tuple[str, str]]:
    found = decide_constraints(Requirements(**required), made.evidence, made.sides)
    return [(constraint.side, constraint.id) for constraint in found if not constraint.met]


def test_a_side_that_failed_is_out_with_its_reason() -> None:
    made = build([Planted("a", failed="the file ended the program itself"), Planted("b")])
    found = decide_constraints(Requirements(), made.evidence, made.sides)
    assert [(one.met, one.evidence) for one in found] == [
        (False, "the file ended the program itself"),
        (True, "it ran to the end in this run"),
    ]


def test_a_side_that_failed_while_timed_is_out() -> None:
    made = build([Planted("a"), Planted("b")])
    broken = made.evidence.timings.contenders[0].model_copy(update={"status": "failed", "why": "killed for memory"})
    timings = made.evidence.timings.model_copy(update={"contenders": (broken, made.evidence.timings.contenders[1])})
    found = decide_constraints(Requirements(), type(made.evidence)(made.evidence.proof, timings), made.sides)
    assert found[0].evidence == "while timed: killed for memory"
    assert [one.met for one in found] == [False, True]


@pytest.mark.parametrize(
    ("accuracy", "out"), [(0.90, False), (0.885, False), (0.88, False), (0.875, True), (0.1, True)]
)
def test_accuracy_is_held_against_the_best(accuracy: float, out: bool) -> None:
    made = build([Planted("best", noise=0), Planted("other", accuracy=accuracy, noise=0)])
    assert unmet(made, accuracy_within=0.02) == ([("other", "accuracy-within")] if out else [])


def test_the_best_of_a_side_that_failed_does_not_count() -> None:
    made = build([Planted("best", accuracy=0.99, failed="hangs"), Planted("other", accuracy=0.9)])
    assert unmet(made, accuracy_within=0.02) == [("best", "runs")]


def test_regression_is_held_against_the_best_loss() -> None:
    made = build([Planted("a", loss=1.0), Planted("b", loss=1.09), Planted("c", loss=1.2)], regression=True)
    assert unmet(made, accuracy_within=0.02, loss_within=0.1) == [("c", "loss-within")]


def test_a_loss_that_is_no_number_is_not_near_the_best() -> None:
    losses = {"a": 1.0, "b": float("nan"), "c": float("inf")}
    made = build([Planted(name, loss=loss) for name, loss in losses.items()], regression=True)
    assert unmet(made, loss_within=0.1) == [("b", "loss-within"), ("c", "loss-within")]


def test_peak_memory_counts_the_largest_set() -> None:
    made = build([Planted("a", peak=1e9, noise=0.05), Planted("b", peak=0.9e9, noise=0.05)])
    assert unmet(made, peak_memory_bytes=1_000_000_000) == [("a", "peak-memory-at-most")]


def test_a_constraint_without_evidence_is_not_met() -> None:
    made = build([Planted("a"), Planted("b")], timed=False)
    assert unmet(made, peak_memory_bytes=10**12) == [("a", "peak-memory-at-most"), ("b", "peak-memory-at-most")]
    assert unmet(type(made)(type(made.evidence)(None, None), made.sides), accuracy_within=0.02) == [
        ("a", "accuracy-within"),
        ("b", "accuracy-within"),
    ]
