"""The verdicts of the rungs, from traces made by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from paragone.prove.ladder import RUNGS, Trace, floors_of, probabilities, rungs
from paragone.prove.no_gradient import NoGradient, no_gradient
from paragone.prove.tolerances import COLLAPSE, ROUNDING, TOLERANCES, UNDECIDED
from paragone.records import DType, Rung
from paragone.workers.probes import OF_LOSS

Array = np.ndarray[Any, Any]
START = {"dense_1/kernel_io": np.array([[1.0, -2.0], [0.5, 3.0]]), "dense_1/bias": np.zeros(2)}
LAST = 4


def written() -> dict[str, Array]:
    """The arrays of a trace of four steps."""
    found: dict[str, Array] = {
        "forward/0": np.array([[1.0, 2.0]]),
        "loss": np.array(0.7),
        "outcome/0": np.array([[3.0, 1.0]]),
        "curve": np.array([0.7, 0.6, 0.5, 0.4]),
    }
    for name, array in START.items():
        found[f"gradients/{name}"] = array + 1.0
        found[f"rate_change/{name}"] = array - 0.02 * (array + 1.0)
        for step in (1, LAST):
            found[f"weights/{step}/{name}"] = array - 0.01 * step * (array + 1.0)
    return found


def climb(
    moved: dict[str, float],
    *,
    dtype: DType = "float64",
    floors: dict[str, float] | None = None,
    real: Any = np.float64,
    gauge: NoGradient = NoGradient(),  # noqa: B008
    trusting: bool = False,
) -> dict[str, Rung]:
    """The rungs of a trace against itself, with some arrays moved by a relative distance."""
    b = {name: array.astype(real) for name, array in written().items()}
    a = dict(b)
    for name, distance in moved.items():
        a[name] = b[name].astype(np.float64) * (1.0 + distance)
        a[name] = a[name].astype(real) if real is np.float64 else a[name]
    left, right = (Trace.of(arrays, START, "logits") for arrays in (a, b))
    return {rung.name: rung for rung in rungs(left, right, dtype, floors or {}, gauge, trusting=trusting)}


def test_gradients_are_compared_before_a_step_of_the_sides_own_changed_them_or_after_it_as_is_nearer() -> None:
    plain = written()
    clipped = {key: array * (0.5 if key.startswith("gradients/") else 1.0) for key, array in plain.items()}
    of_loss = {f"{OF_LOSS}/{name}": plain[f"gradients/{name}"] for name in START}

    def verdict(a: dict[str, Array], b: dict[str, Array]) -> str:
        left, right = (Trace.of(arrays, START, "logits") for arrays in (a, b))
        return rungs(left, right, "float64", {}, NoGradient(), names=["gradients"])[0].verdict

    assert verdict(plain, clipped) == verdict(clipped, plain) == "different"
    assert verdict(plain, clipped | of_loss) == verdict(clipped | of_loss, plain) == "same"
    assert verdict(clipped, clipped | of_loss) == verdict(clipped | of_loss, clipped | of_loss) == "same"
    assert verdict({key: 3 * array for key, array in plain.items()}, clipped | of_loss) == "different"


def test_which_gradients_are_nearest_is_not_told_by_a_parameter_that_has_none() -> None:
    plain = written()
    first = next(iter(START))
    noise = {f"gradients/{first}": plain[f"gradients/{first}"] * 1e-18}
    halved = {key: 0.5 * array for key, array in plain.items() if key.startswith("gradients/")}
    of_loss = {f"{OF_LOSS}/{name}": plain[f"gradients/{name}"] for name in START} | {
        f"{OF_LOSS}/{first}": -noise[f"gradients/{first}"]
    }
    left, right = (Trace.of(one, START, "logits") for one in (plain | noise, plain | halved | noise | of_loss))
    rung = rungs(left, right, "float64", {}, NoGradient(frozenset({first})), names=["gradients"])[0]
    assert rung.verdict == "same"


def test_a_trace_is_the_same_as_itself_on_every_rung() -> None:
    found = climb({})
    assert [rung.verdict for rung in found.values()] == ["same"] * len(RUNGS)
    assert all(rung.max_rel == 0.0 and rung.where == "" for rung in found.values())


PLACES = {
    "forward": "forward/0",
    "loss": "loss",
    "gradients": "gradients/dense_1/kernel_io",
    "trajectory": f"weights/{LAST}/dense_1/kernel_io",
    "rate-change": "rate_change/dense_1/kernel_io",
    "outcome": "outcome/0",
}


@pytest.mark.parametrize("name", PLACES)
def test_float64_is_decided_by_the_tolerance_of_the_rung(name: str) -> None:
    below, above = climb({PLACES[name]: 0.5 * TOLERANCES[name]}), climb({PLACES[name]: 2 * TOLERANCES[name]})
    assert below[name].verdict == "same"
    assert above[name].verdict == "different"
    assert above[name].where.startswith(PLACES[name])
    assert above[name].max_rel == pytest.approx(2 * TOLERANCES[name], rel=1e-3)
    assert {rung.verdict for rung in above.values() if rung.name != name} == {"same"}


def test_a_step_is_judged_by_the_way_and_not_by_the_weight() -> None:
    """A hundredth of a step is nothing beside a weight, and much beside the step."""
    name = "weights/1/dense_1/kernel_io"
    found = climb({name: 1e-9})
    assert found["step"].verdict == "different"
    assert found["step"].max_rel is not None
    assert found["step"].max_rel > 3e-8


def test_three_floors_of_rounding_are_the_same_and_ten_undecided() -> None:
    key = "outcome/0"
    at = {"outcome/0": 1e-6}
    same = climb(at, floors={key: 1.01e-6 / ROUNDING})["outcome"]
    assert (same.verdict, same.detail) == ("same", f"within three floors of rounding: {key}")
    assert climb(at, floors={key: 0.99e-6 / ROUNDING})["outcome"].verdict == "undecided"
    assert climb(at, floors={key: 0.99e-6 / UNDECIDED})["outcome"].verdict == "different"
    assert climb(at, floors={key: 1e-6}, gauge=NoGradient(frozenset({"dense_1/bias"})))["outcome"].verdict == "same"


def test_what_is_far_beyond_its_tolerance_is_different_without_a_floor_where_that_is_trusted() -> None:
    key, far = "outcome/0", 2 * COLLAPSE * TOLERANCES["outcome"]
    floors = {key: far}
    trusted = climb({key: far}, floors=floors, trusting=True)["outcome"]
    assert (trusted.verdict, trusted.floor) == ("different", None)
    assert climb({key: far}, floors=floors)["outcome"].verdict == "undecided"
    near = 0.5 * COLLAPSE * TOLERANCES["outcome"]
    assert climb({key: near}, floors={key: 2 * near / UNDECIDED}, trusting=True)["outcome"].verdict == "undecided"
    single = climb({key: far}, floors={key: 1e9}, real=np.float32, trusting=True)["outcome"]
    assert single.verdict == "undecided"


def test_float32_is_held_against_the_floor() -> None:
    key = "forward/0"
    for distance, verdict in ((0.5, "same"), (5.0, "undecided"), (50.0, "different")):
        found = climb({key: distance * 1e-3}, dtype="float32", floors={key: 1e-3}, real=np.float32)
        assert found["forward"].verdict == verdict, distance
        assert found["forward"].tolerance is None
        assert found["forward"].floor == 1e-3


def test_a_side_that_cannot_run_in_float64_is_undecided_where_there_is_no_floor() -> None:
    assert climb({"forward/0": 1e-6}, real=np.float32)["forward"].verdict == "undecided"


def test_parameters_without_a_gradient_are_left_out() -> None:
    arrays_ = written()
    arrays_["gradients/dense_1/bias"] = np.array([1e-16, -1e-16])
    gauge = no_gradient(arrays_, arrays_)
    assert gauge == NoGradient(frozenset({"dense_1/bias"}))
    moved = {f"weights/{LAST}/dense_1/bias": 0.5}
    assert climb(moved)["trajectory"].verdict == "different"
    found = climb(moved, gauge=gauge)["trajectory"]
    assert found.verdict == "same"
    assert "dense_1/bias" in found.detail


def test_a_parameter_with_a_gradient_on_one_side_is_no_gauge() -> None:
    silent = {**written(), "gradients/dense_1/bias": np.zeros(2)}
    assert no_gradient(silent, written()) == NoGradient()


NOISY = {"dense_1/bias": np.array([True, False])}
"""Of the two biases, the first has no true gradient."""


def test_an_element_without_a_gradient_is_seen_where_rounding_gave_it_one() -> None:
    found = written()
    found["gradients/dense_1/bias"] = np.array([1e-17, 1.0])
    assert no_gradient(found, found).names == frozenset()
    assert {name: list(mask) for name, mask in no_gradient(found, found).elements.items()} == {
        "dense_1/bias": [True, False]
    }
    assert not no_gradient(found, written()).elements, "it has a gradient on the other side"
    found["gradients/dense_1/bias"] = np.array([0.0, 1.0])
    assert not no_gradient(found, found).elements, "no rounding moves it: it was not asked for in this batch"


def test_what_rounding_makes_of_an_element_without_a_gradient_is_no_difference() -> None:
    key = f"weights/{LAST}/dense_1/bias"
    a, b = written(), written()
    a[key] = b[key] + np.array([1e-8 * np.abs(b[key]).max(), 0.0])

    def verdict(floor: float, moved: dict[str, Array], elements: dict[str, Array]) -> Rung:
        left, right = (Trace.of(arrays, START, "logits") for arrays in (moved, b))
        gauge = NoGradient(elements=elements)
        return rungs(left, right, "float64", {key: floor}, gauge, names=["trajectory"])[0]

    found = verdict(1e-8 / UNDECIDED, a, NOISY)
    assert (found.verdict, found.detail) == (
        "same",
        f"within ten floors of rounding, in elements without a gradient alone: {key}",
    )
    assert verdict(1e-8 / UNDECIDED, a, {}).verdict == "undecided"
    assert verdict(1e-10, a, NOISY).verdict == "different", "more than rounding does"
    both = {**a, key: b[key] * (1 + 1e-8)}
    assert verdict(1e-8 / UNDECIDED, both, NOISY).verdict == "undecided", "another element is beyond the tolerance too"


def test_without_gradients_the_rung_is_not_run() -> None:
    arrays_ = {name: array for name, array in written().items() if not name.startswith("gradients/")}
    trace = Trace.of(arrays_, START, "logits")
    found = {rung.name: rung for rung in rungs(trace, trace, "float64", {}, NoGradient())}
    assert found["gradients"].verdict == "not run"
    assert found["trajectory"].verdict == "same"


def test_the_worst_tensor_comes_first_with_its_element() -> None:
    found = climb({f"weights/{LAST}/dense_1/kernel_io": 1e-3, f"weights/{LAST}/dense_1/bias": 1e-5})["trajectory"]
    assert found.where == f"weights/{LAST}/dense_1/kernel_io[1, 1]"
    assert [item.max_rel for item in found.distances] == sorted((d.max_rel for d in found.distances), reverse=True)
    assert [point.step for point in found.checkpoints] == [1, LAST]


def test_shapes_that_differ_are_infinitely_far_unless_only_an_axis_of_one_is_missing() -> None:
    b = written()
    column, longer = {**b, "outcome/0": b["outcome/0"][:, :, None]}, {**b, "outcome/0": np.zeros((2, 2))}
    for arrays_, verdict in ((column, "same"), (longer, "different")):
        a, other = Trace.of(arrays_, START, "logits"), Trace.of(b, START, "logits")
        assert next(r for r in rungs(a, other, "float64", {}, NoGradient()) if r.name == "outcome").verdict == verdict


LOGITS = arrays(np.float64, (4, 3), elements=st.floats(-30, 30))


@given(LOGITS)
def test_all_forms_of_one_output_are_one(logits: Array) -> None:
    chance = probabilities(logits, "logits")
    assert chance.sum(-1) == pytest.approx(np.ones(4))
    assert probabilities(np.log(chance), "log-probabilities") == pytest.approx(chance)
    assert probabilities(chance, "probabilities") is chance
    assert probabilities(logits + 5.0, "logits") == pytest.approx(chance)


@given(arrays(np.float64, (5, 1), elements=st.floats(-30, 30)))
def test_one_logit_is_a_sigmoid(logit: Array) -> None:
    chance = probabilities(logit, "logits")
    assert np.log(chance / (1 - chance)) == pytest.approx(logit, abs=1e-2)
    assert ((chance >= 0) & (chance <= 1)).all()


def test_values_are_left_alone_and_large_logits_do_not_overflow() -> None:
    values = np.array([[1.0, 5.0]])
    assert probabilities(values, "values") is values
    assert probabilities(np.array([[2000.0, -2000.0]]), "logits") == pytest.approx(np.array([[1.0, 0.0]]))


def test_logits_against_probabilities_are_compared_as_probabilities() -> None:
    logits = written()
    chance = {**logits, **{k: probabilities(logits[k], "logits") for k in ("forward/0", "outcome/0")}}
    pair = rungs(
        Trace.of(logits, START, "logits"), Trace.of(chance, START, "probabilities"), "float64", {}, NoGradient()
    )
    assert {rung.verdict for rung in pair} == {"same"}


def test_a_floor_is_the_largest_of_its_runs() -> None:
    assert floors_of([{"a": 1.0, "b": 5.0}, {"a": 2.0, "b": 3.0}]) == {"a": 2.0, "b": 5.0}


def test_a_tensor_that_stands_at_zero_has_no_floor_to_hide_behind() -> None:
    """Rounding is infinite beside zero; a frozen layer must be seen all the same."""
    still = {**written(), "weights/1/dense_1/bias": np.zeros(2)}
    a, b = (Trace.of(arrays_, START, "logits") for arrays_ in (written(), still))
    floors = {"step/dense_1/bias": float("inf"), "step/dense_1/kernel_io": 1e-16}
    step = next(rung for rung in rungs(a, b, "float64", floors, NoGradient()) if rung.name == "step")
    assert (step.verdict, step.max_rel, step.floor) == ("different", float("inf"), 1e-16)
    assert Rung.model_validate_json(step.model_dump_json()) == step


def test_a_side_that_hides_its_gradients_takes_those_of_the_other() -> None:
    hidden = {name: array for name, array in written().items() if not name.startswith("gradients/")}
    silent = {**written(), "gradients/dense_1/bias": np.full(3, 1e-18)}
    assert no_gradient(silent, hidden).names == no_gradient(hidden, silent).names == {"dense_1/bias"}


def test_where_both_hide_their_gradients_the_first_step_tells() -> None:
    hidden = {name: array for name, array in written().items() if not name.startswith("gradients/")}
    still = {**hidden, "step/conv_1/bias": np.full(3, 1e-18), "step/conv_1/kernel": np.ones(3)}
    assert no_gradient(still, still).names == {"conv_1/bias"}
    assert not no_gradient(still, {**still, "step/conv_1/bias": np.full(3, 1e-3)}).names
