from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pytest

from paragone.choose.candidates import TITLES, Candidate, options_of
from paragone.choose.constraints import contradiction, decide_constraints, rules
from paragone.choose.constraints.writers import who_writes

from .worlds import Planted, World, build


def unmet(made: World | Sequence[Candidate], **required: object) -> list[tuple[str, str]]:
    asked = {name.replace("_", "-"): value for name, value in required.items()}
    candidates = made.candidates if isinstance(made, World) else made
    return [(one.side, one.id) for one in decide_constraints(asked, candidates) if not one.met]


def test_a_side_that_failed_is_out_with_its_reason() -> None:
    made = build([Planted("a", failed="the file ended the program itself"), Planted("b")])
    found = decide_constraints({}, made.candidates)
    assert [(one.met, one.evidence, one.source) for one in found] == [
        (False, "the file ended the program itself", "this run"),
        (True, "it ran to the end", "this run"),
    ]


def test_a_side_that_failed_while_timed_is_out() -> None:
    made = build([Planted("a"), Planted("b")])
    broken = made.evidence.timings.contenders[0].model_copy(update={"status": "failed", "why": "killed for memory"})
    timings = made.evidence.timings.model_copy(update={"contenders": (broken, made.evidence.timings.contenders[1])})
    found = decide_constraints({}, World(dataclasses.replace(made.evidence, timings=timings), made.sides).candidates)
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
    assert unmet(made, accuracy_within=0.02) == [(name, "accuracy-within") for name in "abc"]


@pytest.mark.parametrize(("own", "verdict"), [(True, "different"), (False, "same")])
def test_what_sides_learned_counts_where_they_are_the_users_own_or_the_same(own: bool, verdict: str) -> None:
    made = _proved(build([Planted("best", noise=0), Planted("other", accuracy=0.8, noise=0)], own=own), verdict)
    assert unmet(made, accuracy_within=0.02) == [("other", "accuracy-within")]


def test_a_run_that_ships_and_whose_sides_differ_says_nothing_of_what_is_learned() -> None:
    unlike = build([Planted("a", framework="torch"), Planted("b", framework="jax", accuracy=0.8)], own=False, id_="one")
    alike = build([Planted("a", framework="torch"), Planted("b", framework="jax")], own=False, id_="two")
    alone = options_of([(_proved(unlike, "different").evidence, unlike.sides)])
    both = options_of([(_proved(unlike, "different").evidence, unlike.sides), (alike.evidence, alike.sides)])
    asked = {"accuracy-within": 0.02, "loss-within": 0.1}
    assert not any(one.met for one in decide_constraints(asked, alone) if one.id == "accuracy-within")
    assert all(one.met for one in decide_constraints(asked, both) if one.side in ("pytorch", "jax"))


def _proved(made: World, verdict: str) -> World:
    assert made.evidence.proof is not None
    proof = made.evidence.proof.model_copy(update={"verdict": verdict})
    return World(dataclasses.replace(made.evidence, proof=proof), made.sides)


def test_a_loss_that_is_no_number_is_not_near_the_best() -> None:
    losses = {"a": 1.0, "b": float("nan"), "c": float("inf")}
    made = build([Planted(name, loss=loss) for name, loss in losses.items()], regression=True)
    assert unmet(made, loss_within=0.1) == [("b", "loss-within"), ("c", "loss-within")]


def test_peak_memory_counts_the_largest_set() -> None:
    made = build([Planted("a", peak=1e9, noise=0.05), Planted("b", peak=0.9e9, noise=0.05)])
    assert unmet(made, peak_memory_at_most=1_000_000_000) == [("a", "peak-memory-at-most")]


def test_a_constraint_without_evidence_is_not_met() -> None:
    made = build([Planted("a"), Planted("b")], timed=False)
    assert unmet(made, peak_memory_at_most=10**12) == [("a", "peak-memory-at-most"), ("b", "peak-memory-at-most")]
    bare = World(dataclasses.replace(made.evidence, proof=None), made.sides)
    assert unmet(bare, accuracy_within=0.02) == [("a", "accuracy-within"), ("b", "accuracy-within")]
    assert unmet(bare, reaches=("litert",), latency_at_most=1.0) == [
        ("a", "reaches"),
        ("b", "reaches"),
        ("a", "latency-at-most"),
        ("b", "latency-at-most"),
    ]


def test_what_came_to_a_target_is_decided_by_its_verdict() -> None:
    arrived = {"litert": "same", "onnxruntime": "different", "openvino": "less precise", "litert_int8": "quantised"}
    made = build([Planted("a", arrived=arrived)])
    assert unmet(made, reaches=("litert", "openvino", "litert_int8")) == []
    assert unmet(made, reaches=("litert", "onnxruntime")) == [("a", "reaches")]
    assert unmet(made, reaches_any=("executorch", "litert")) == []
    assert unmet(made, reaches_any=("executorch", "onnxruntime")) == [("a", "reaches-any")]
    told = decide_constraints({"reaches": ("executorch",)}, made.candidates)[-1]
    assert told.evidence == "executorch: no run tried it"


def test_a_limit_holds_for_the_whole_interval() -> None:
    made = build([Planted("a", noise=0.01), Planted("b", noise=0.0001)])
    assert unmet(made, step_time_at_most=1.001e-3) == [("a", "step-time-at-most")]
    assert unmet(made, accuracy_at_least=0.899) == [("a", "accuracy-at-least")]


def test_the_python_and_the_system_of_the_run_decide() -> None:
    made = build([Planted("a"), Planted("b", failed="it hangs")])
    assert unmet(made, python="3.13", system="Linux")[1:] == [("b", "python"), ("b", "system")]
    assert unmet(made, python="3.12") == [("b", "runs"), ("a", "python"), ("b", "python")]
    assert unmet(made, system="Windows")[1:] == [("a", "system"), ("b", "system")]


def test_options_can_be_named_and_ruled_out() -> None:
    made = build([Planted("a", framework="torch"), Planted("b", framework="jax"), Planted("c", framework="tensorflow")])
    assert unmet(made, only=("pytorch", "jax")) == [("c", "only")]
    assert unmet(made, never=("keras-tensorflow",)) == [("c", "never")]


@pytest.mark.parametrize(
    ("asked", "pair"),
    [
        ({"only": ("pytorch",), "never": ("pytorch",)}, ("only", "never")),
        ({"accuracy-at-least": 0.9, "accuracy-at-most": 0.5}, ("accuracy-at-least", "accuracy-at-most")),
        ({"peak-memory-at-least": 2e9, "peak-memory-at-most": 1e9}, ("peak-memory-at-least", "peak-memory-at-most")),
        ({"only": ("jax",), "reaches": ("executorch",)}, ("only", "reaches")),
        ({"reaches": ("executorch",), "reaches-any": ("tensorflow", "jax_export")}, ("reaches", "reaches-any")),
        ({"only": ("pytorch", "jax"), "never": ("pytorch",)}, None),
        ({"accuracy-at-least": 0.5, "accuracy-at-most": 0.5}, None),
        ({"accuracy-within": 0.02, "loss-within": 0.1, "python": "3.12", "system": "Linux"}, None),
    ],
)
def test_two_constraints_that_nothing_can_meet_are_named(
    asked: dict[str, object], pair: tuple[str, str] | None
) -> None:
    found = contradiction(asked)
    assert (found and found[:2]) == pair


def test_who_can_come_to_a_target_is_known_by_the_formats() -> None:
    assert who_writes("executorch") == {"pytorch"}
    assert who_writes("jax_export") == {"jax"}
    assert who_writes("onnxruntime") == set(TITLES)


def test_every_constraint_says_what_it_takes_and_reads_nothing_else() -> None:
    for rule in rules().values():
        assert rule.expects and rule.summary
        with pytest.raises(ValueError, match=r"\w"):
            rule.read({"no": "such value"})
        with pytest.raises(ValueError, match=r"\w"):
            rule.read(float("nan"))
