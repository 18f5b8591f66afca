"""The flagship: three sides of the first task, each as its framework's tutorials write it, over 500 steps."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from paragone.prove.tolerances import BUILDS, FLOOR_RUNS
from paragone.records import Cause, Pair, Proof, Rung

from .adam_by_hand import Adam, Weights, batches, distance
from .harness import prove_files

SIDES = Path(__file__).parents[2] / "examples" / "first_task"
STEPS = 500
NAMES = ("tensorflow", "torch", "jax")
STARTS = {"kernel-initialiser", "bias-initialiser"}
ADAMS = {"adam-epsilon-default", "adam-epsilon-place", "adam-float32-betas"}


@dataclass(frozen=True)
class Proven:
    """The proof, and the folder in which its trials lie."""

    proof: Proof
    folder: Path


@pytest.fixture(scope="module")
def proven(tmp_path_factory: pytest.TempPathFactory) -> Proven:
    """Compiled as anyone's sides are, and not as quickly as those of other tests."""
    folder = tmp_path_factory.mktemp("first_task")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("XLA_FLAGS")
        return _proven(folder)


def _proven(folder: Path) -> Proven:
    files = [SIDES / name for name in ("keras_side.py", "torch_side.py", "jax_side.py")]
    return Proven(prove_files(files, "digits", folder, steps=STEPS), folder)


def pair(pairs: tuple[Pair, ...], a: str, b: str) -> Pair:
    return next(item for item in pairs if (item.a, item.b) == (a, b))


def rung(of: Pair, name: str, dtype: str = "float64") -> Rung:
    return next(item for item in of.rungs if (item.name, item.dtype) == (name, dtype))


def test_as_written_they_are_not_the_same_task(proven: Proven) -> None:
    assert proven.proof.verdict == "different"
    assert [(item.a, item.b) for item in proven.proof.pairs] == [
        ("tensorflow", "torch"),
        ("tensorflow", "jax"),
        ("torch", "jax"),
    ]
    for item in proven.proof.pairs:
        assert item.verdict == "different"
        assert rung(item, "initialisation").verdict == "different"
        assert rung(item, "structure").verdict == "same"
        assert "50,890 parameters" in rung(item, "structure").detail
        for name in ("forward", "loss", "gradients"):
            assert rung(item, name).verdict == "same", (item.a, item.b, name)


def test_the_optimizers_differ_from_the_first_step_on_but_not_between_torch_and_jax(proven: Proven) -> None:
    for other in ("torch", "jax"):
        apart = pair(proven.proof.pairs, "tensorflow", other)
        assert rung(apart, "step").verdict == rung(apart, "trajectory").verdict == "different"
        assert rung(apart, "trajectory").max_rel > 1e-3  # type: ignore[operator]
    close = pair(proven.proof.pairs, "torch", "jax")
    assert rung(close, "step").verdict == rung(close, "trajectory").verdict == "same"


def test_the_causes_are_named_and_no_others(proven: Proven) -> None:
    for other in ("torch", "jax"):
        causes = pair(proven.proof.pairs, "tensorflow", other).causes
        assert {item.trap for item in causes} == ADAMS | (STARTS if other == "torch" else {"kernel-initialiser"})
    assert {item.trap for item in pair(proven.proof.pairs, "torch", "jax").causes} == STARTS
    assert not any(item.unexplained for item in proven.proof.pairs)


def cause(proven: Proven, trap: str, a: str = "tensorflow", b: str = "torch") -> Cause:
    return next(item for item in pair(proven.proof.pairs, a, b).causes if item.trap == trap)


def test_a_cause_says_the_values_what_it_explains_and_the_line_to_change(proven: Proven) -> None:
    found = {item.row: item for item in (cause(proven, trap) for trap in ADAMS)}
    assert set(found) == {"E1", "E2", "E3"}
    assert (found["E2"].a, found["E2"].b) == ("1e-07", "1e-08")
    assert "before" in found["E1"].a
    assert "after" in found["E1"].b
    for item in found.values():
        assert item.explains.present > 1e-9
        assert item.explains.removed < 1e-9
        assert item.fix is not None
        assert Path(item.fix.file).name == "keras_side.py"
        assert "optimizer" in item.fix.text
        assert item.fix.replacement
    assert found["E1"].explains.rung == found["E2"].explains.rung == "step"


def test_the_starting_laws_are_named(proven: Proven) -> None:
    kernels, biases = cause(proven, "kernel-initialiser"), cause(proven, "bias-initialiser")
    assert kernels.a.startswith("Glorot uniform")
    assert kernels.b.startswith("uniform ±1/sqrt(fan in)")
    assert biases.a == "constant 0"
    assert biases.b.startswith("uniform ±1/sqrt(fan in)")
    flax = cause(proven, "kernel-initialiser", "tensorflow", "jax")
    assert flax.b.startswith("LeCun normal")


def test_what_each_cause_is_worth_is_said_over_seeds(proven: Proven) -> None:
    for item in pair(proven.proof.pairs, "tensorflow", "torch").causes:
        assert item.effect is not None
        assert (item.effect.steps, item.effect.seeds) == (STEPS, BUILDS)
        assert item.effect.accuracy is not None
        assert item.effect.loss is not None
        assert item.effect.accuracy.low <= item.effect.accuracy.mid <= item.effect.accuracy.high
        assert (item.effect.parameters_rel is not None) == (item.trap in ADAMS)


def test_with_the_causes_removed_the_three_agree(proven: Proven) -> None:
    assert len(proven.proof.corrected) == 3
    for item in proven.proof.corrected:
        assert item.verdict == "same"
        assert {r.verdict for r in item.rungs if r.dtype == "float64"} == {"same"}
        trajectory = rung(item, "trajectory")
        assert trajectory.max_rel is not None
        assert trajectory.max_rel <= 1e-9
        assert trajectory.checkpoints[-1].step == STEPS


def test_softmax_and_logits_are_a_gauge_and_the_evidence_shows_it(proven: Proven) -> None:
    gauge = next(item for item in proven.proof.gauges if item.name == "form of the outputs")
    assert gauge.text == "tensorflow gives probabilities, torch gives logits, jax gives logits"
    assert "_keras_logits" in gauge.why
    losses = [float(text) for text in re.findall(r"([\d.]+) in \w+", gauge.evidence)]
    assert len(losses) == 3
    assert max(losses) - min(losses) <= 1e-6 * max(losses)
    assert min(losses) > 16.118
    assert "could not exceed 16.118" in gauge.evidence


def test_every_floor_is_of_sixteen_runs_and_far_below_what_was_found(proven: Proven) -> None:
    floors = {(floor.side, floor.dtype): floor for floor in proven.proof.floors}
    assert set(floors) == {(side, dtype) for side in NAMES for dtype in ("float32", "float64")}
    for (_, dtype), floor in floors.items():
        assert floor.runs == len(floor.samples) == FLOOR_RUNS >= 16
        assert floor.max_rel == max(floor.samples)
        assert min(floor.samples) > 0
        assert floor.checkpoints[-1].step == floor.steps == STEPS
        low, high = (1e-16, 1e-12) if dtype == "float64" else (1e-7, 1e-3)
        assert low < sorted(floor.samples)[0] < high
        assert floor.max_rel < (1e-12 if dtype == "float64" else 0.5)  # in float32 one flipped relu moves a weight


def test_float32_says_the_same_against_its_floor(proven: Proven) -> None:
    apart = rung(pair(proven.proof.pairs, "tensorflow", "torch"), "trajectory", "float32")
    assert apart.verdict == "different"
    assert apart.max_rel is not None
    assert apart.floor is not None  # the largest of all tensors; each is held against its own
    assert apart.where


def test_what_is_learned_is_told_for_every_seed(proven: Proven) -> None:
    written = {item.side: item for item in proven.proof.outcomes if item.variant == "as written"}
    assert set(written) == set(NAMES)
    for outcome in written.values():
        assert len(outcome.accuracy) == len(outcome.loss) == len(set(outcome.seeds)) == BUILDS
        assert 0.85 < min(outcome.accuracy) <= max(outcome.accuracy) < 1


# ---------------------------------------------------------------------- against an independent implementation


@pytest.fixture(scope="module")
def by_hand(proven: Proven) -> dict[str, list[Weights]]:
    """Both forms of Adam in NumPy, from the same start, on the same batches."""
    data = load_file(proven.folder / "data.safetensors")
    x = data["x"].reshape(len(data["x"]), -1).astype(np.float64)
    orders = batches(x, data["y"], STEPS, seed=0)
    first = common_start(proven.folder)
    return {
        "keras": Adam(1e-7, before=True, single=True).train(first, orders),
        "torch": Adam(1e-8, before=False, single=False).train(first, orders),
        "start": [first],
    }


def common_start(folder: Path) -> Weights:
    """The first draw of the first side: what every side starts from."""
    for path in sorted(folder.glob("trials/draw-*.json")):
        key = json.loads(path.read_text(encoding="utf-8"))["key"]
        if key["side"]["name"] == "tensorflow" and key["arguments"]["seed"] == 1:
            arrays = load_file(path.with_suffix(".safetensors"))
            return {name.removeprefix("0/"): array for name, array in arrays.items() if name.startswith("0/")}
    raise AssertionError("no draw of the first side")


def test_the_first_step_is_as_far_apart_as_by_hand(proven: Proven, by_hand: dict[str, list[Weights]]) -> None:
    origin = by_hand["start"][0]
    ways = [{name: array - origin[name] for name, array in by_hand[form][0].items()} for form in ("keras", "torch")]
    reported = rung(pair(proven.proof.pairs, "tensorflow", "torch"), "step").max_rel
    assert reported == pytest.approx(distance(*ways), rel=1e-6)


def test_the_trajectories_are_as_far_apart_as_by_hand(proven: Proven, by_hand: dict[str, list[Weights]]) -> None:
    trajectory = rung(pair(proven.proof.pairs, "tensorflow", "torch"), "trajectory")
    for point in trajectory.checkpoints:
        expected = distance(by_hand["keras"][point.step - 1], by_hand["torch"][point.step - 1])
        assert point.max_rel == pytest.approx(expected, rel=1e-6), point.step
