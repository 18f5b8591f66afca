"""What must hold for any profile and any figures."""

from __future__ import annotations

import dataclasses

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from paragone.choose.criteria import criteria
from paragone.choose.decision import decide
from paragone.choose.profile import Profile, Requirements
from paragone.records import Choice

from .worlds import Planted, build

DRAWS = 64
BETTER = {"step_s": 0.7, "cold_s": 0.7, "peak": 0.7, "accuracy": 1.1, "tokens": 0.7}


def random_profile(random: np.random.Generator) -> Profile:
    names = random.choice(list(criteria()), size=random.integers(1, 6), replace=False)
    weights = {
        str(name): float(weight) for name, weight in zip(names, random.uniform(0.01, 1, len(names)), strict=True)
    }
    required = Requirements(
        accuracy_within=float(random.choice([0.01, 0.05, 0.2])) if random.uniform() < 0.7 else None,
        peak_memory_bytes=int(10 ** random.uniform(8, 10)) if random.uniform() < 0.5 else None,
    )
    return Profile(name="random", description="", constraints=required, weights=weights)


def random_side(random: np.random.Generator, name: str) -> Planted:
    return Planted(
        name,
        step_s=10 ** random.uniform(-5, 1),
        cold_s=10 ** random.uniform(-0.5, 2.5),
        peak=10 ** random.uniform(8, 10),
        accuracy=random.uniform(0.5, 1.0),
        tokens=int(10 ** random.uniform(1.5, 3)),
        noise=10 ** random.uniform(-4, -1),
        failed="it hangs" if random.uniform() < 0.1 else "",
    )


def scores(choice: Choice) -> dict[str, float]:
    return {one.side: one.score.mid for one in choice.ranking}


def test_no_violated_hard_constraint_is_ever_chosen() -> None:
    random = np.random.default_rng(0)
    seen = set()
    for _ in range(1500):
        planted = [random_side(random, name) for name in "abc"[: random.integers(1, 4)]]
        profile = random_profile(random)
        made = build(planted, sets=4)
        choice = decide(made.evidence, made.sides, profile, 0, DRAWS)
        chosen = next((one for one in planted if one.name == choice.winner), None)
        seen.add((choice.verdict, chosen is not None))
        if chosen is None:
            continue
        ran = [one for one in planted if not one.failed]
        assert chosen in ran
        if profile.constraints.accuracy_within is not None:
            best = max(_mean_accuracy(one) for one in ran)
            assert _mean_accuracy(chosen) >= best - profile.constraints.accuracy_within - 1e-9
        if profile.constraints.peak_memory_bytes is not None:
            assert chosen.peak <= profile.constraints.peak_memory_bytes
    assert seen == {("winner", True), ("no robust winner", False), ("nothing to choose", False)}


def _mean_accuracy(planted: Planted) -> float:
    return float(np.mean([min(1.0, planted.accuracy + planted.noise * at) for at in (-1, 0, 1)]))


@settings(max_examples=300, deadline=None)
@given(seed=st.integers(0, 2**32), field=st.sampled_from(sorted(BETTER)), power=st.floats(0.05, 3))
def test_a_better_value_never_lowers_a_score(seed: int, field: str, power: float) -> None:
    random = np.random.default_rng(seed)
    profile = random_profile(random).model_copy(update={"constraints": Requirements()})
    planted = [dataclasses.replace(random_side(random, name), failed="") for name in "ab"]
    value = getattr(planted[0], field) * BETTER[field] ** power
    better = dataclasses.replace(planted[0], **{field: max(3, int(value)) if field == "tokens" else value})
    before, after = (
        decide(made.evidence, made.sides, profile, 0, DRAWS)
        for made in (build(planted, sets=4), build([better, planted[1]], sets=4))
    )
    assert scores(after)["a"] >= scores(before)["a"] - 1e-12
    assert scores(after)["b"] == scores(before)["b"]


def test_a_dominated_or_a_duplicate_option_reverses_nothing() -> None:
    random = np.random.default_rng(1)
    for turn in range(300):
        profile = random_profile(random).model_copy(update={"constraints": Requirements()})
        planted = [dataclasses.replace(random_side(random, name), failed="") for name in "abc"]
        model = planted[random.integers(3)]
        added = dataclasses.replace(model, name="d", code="x\n" * model.tokens)
        if turn % 2:
            added = dataclasses.replace(added, step_s=model.step_s * 1.5, peak=model.peak * 1.2)
        before, after = (
            decide(made.evidence, made.sides, profile, 0, DRAWS)
            for made in (build(planted, sets=4), build([*planted, added], sets=4))
        )
        assert [one.side for one in before.ranking] == [one.side for one in after.ranking if one.side != "d"]
        assert scores(before).items() <= scores(after).items()


def test_identical_options_have_no_robust_winner() -> None:
    random = np.random.default_rng(2)
    for _ in range(300):
        profile = random_profile(random).model_copy(update={"constraints": Requirements()})
        one = dataclasses.replace(random_side(random, "a"), failed="")
        made = build([dataclasses.replace(one, name=name) for name in "abc"], sets=4)
        choice = decide(made.evidence, made.sides, profile, 0, DRAWS)
        assert (choice.verdict, choice.winner) == ("no robust winner", None)


def test_a_planted_winner_on_every_criterion_is_chosen() -> None:
    random = np.random.default_rng(3)
    for _ in range(300):
        profile = random_profile(random).model_copy(update={"constraints": Requirements()})
        step, cold, peak = 10 ** random.uniform(-4, 0), 10 ** random.uniform(0, 2), 10 ** random.uniform(8, 10)
        usual = Planted("usual", step_s=step, cold_s=cold, peak=peak, accuracy=random.uniform(0.6, 0.9), tokens=400)
        planted = Planted(
            "planted",
            step_s=step / 1.1,
            cold_s=cold / 1.1,
            peak=peak / 1.1,
            accuracy=usual.accuracy * 1.1,
            tokens=300,
        )
        made = build([usual, planted])
        assert decide(made.evidence, made.sides, profile, 0, 2000).winner == "planted"
