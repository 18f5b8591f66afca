"""What must hold for any profile and any figures: 10,000 random profiles, shared out to the properties below."""

from __future__ import annotations

import dataclasses

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from paragone.choose.profile import Profile
from paragone.records import Choice, Weighing

from .worlds import Planted, ask, build

DRAWS = 32
PROFILES = {"constraints": 6000, "monotone": 800, "dominated": 800, "itself": 1200, "planted": 1200}
A_WORLD = 20
"""Profiles that are asked of one and the same world."""

BETTER = {"step_s": 0.7, "cold_s": 0.7, "peak": 0.7, "accuracy": 1.1, "tokens": 0.7, "latency_s": 0.7, "size": 0.7}
CRITERIA = (
    *("step-time", "cold-start", "peak-memory", "accuracy", "conciseness"),
    *("latency", "artifact-size", "artifact-memory", "artifact-start", "targets-reached"),
)
TARGETS = ("onnxruntime", "litert", "openvino")


def random_weighing(random: np.random.Generator) -> Weighing:
    """Numbers, an order, or nothing."""
    names = [str(name) for name in random.choice(CRITERIA, size=random.integers(1, 7), replace=False)]
    kind = random.choice(["weights", "order", "nothing"])
    if kind == "weights":
        weights = dict(zip(names, map(float, random.uniform(0.01, 1, len(names))), strict=True))
        return Weighing(weights=weights, concentration=float(10 ** random.uniform(0.5, 3)))
    if kind == "nothing" or len(names) < 2:
        return Weighing(kind="nothing", order=tuple(names))
    signs = random.choice([" > ", " = "], size=len(names) - 1)
    chain = names[0] + "".join(sign + name for sign, name in zip(signs, names[1:-1], strict=False))
    return Weighing(kind="order", order=(chain, f"{names[0]} > {names[-1]}"))


def random_profile(random: np.random.Generator, *, free: bool = False) -> Profile:
    asked = {
        "accuracy-within": float(random.choice([0.01, 0.05, 0.2])),
        "peak-memory-at-most": 10 ** random.uniform(8, 10),
        "step-time-at-most": 10 ** random.uniform(-4, 1),
        "reaches": (str(random.choice(TARGETS)),),
    }
    kept = {} if free else {name: value for name, value in asked.items() if random.uniform() < 0.4}
    return Profile("random", "d", random_weighing(random), kept)


def random_side(random: np.random.Generator, name: str, *, free: bool = True) -> Planted:
    verdicts = random.choice(["same", "different", "refused"], size=len(TARGETS), p=[0.8, 0.1, 0.1])
    return Planted(
        name,
        step_s=10 ** random.uniform(-5, 1),
        cold_s=10 ** random.uniform(-0.5, 2.5),
        peak=10 ** random.uniform(8, 10),
        accuracy=random.uniform(0.5, 1.0),
        tokens=int(10 ** random.uniform(1, 2)),
        noise=10 ** random.uniform(-4, -1),
        latency_s=10 ** random.uniform(-5, 0),
        size=int(10 ** random.uniform(3, 8)),
        arrived={} if random.uniform() < 0.1 else dict(zip(TARGETS, map(str, verdicts), strict=True)),
        failed="it hangs" if not free and random.uniform() < 0.1 else "",
    )


def firsts(choice: Choice) -> dict[str, float]:
    """Of those that are compared; an option without evidence for half of the weight is not."""
    return {one.side: one.p_best for one in choice.ranking}


def scores(choice: Choice) -> dict[str, float]:
    return {one.side: one.score.mid for one in choice.ranking}


def test_they_are_ten_thousand() -> None:
    assert sum(PROFILES.values()) >= 10_000


def test_no_violated_hard_constraint_is_ever_chosen() -> None:
    random = np.random.default_rng(0)
    seen = set()
    for _ in range(PROFILES["constraints"] // A_WORLD):
        planted = {name: random_side(random, name, free=False) for name in "abc"[: random.integers(1, 4)]}
        candidates = build(list(planted.values()), sets=4)
        for _ in range(A_WORLD):
            profile = random_profile(random)
            choice = ask(candidates, profile, draws=DRAWS)
            seen.add((choice.verdict, bool(choice.winners)))
            for name in choice.winners:
                assert _meets(planted[name], list(planted.values()), profile)
    assert seen == {("winner", True), ("no robust winner", False), ("nothing to choose", False)}


def _meets(chosen: Planted, everybody: list[Planted], profile: Profile) -> bool:
    """Every constraint again, from what was planted."""
    best = max(_mean_accuracy(one) for one in everybody if not one.failed)
    asked = profile.constraints
    return (
        not chosen.failed
        and _mean_accuracy(chosen) >= best - float(asked.get("accuracy-within", 1)) - 1e-9
        and chosen.peak <= float(asked.get("peak-memory-at-most", np.inf))
        and chosen.step_s <= float(asked.get("step-time-at-most", np.inf))
        and all(chosen.arrived.get(target) == "same" for target in asked.get("reaches", ()))
    )


def _mean_accuracy(planted: Planted) -> float:
    return float(np.mean([min(1.0, planted.accuracy + planted.noise * at) for at in (-1, 0, 1)]))


@settings(max_examples=PROFILES["monotone"] // A_WORLD, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32), field=st.sampled_from(sorted(BETTER)), power=st.floats(0.05, 3))
def test_a_better_value_never_hurts(seed: int, field: str, power: float) -> None:
    random = np.random.default_rng(seed)
    planted = [random_side(random, name) for name in "abc"]
    value = getattr(planted[0], field) * BETTER[field] ** power
    better = dataclasses.replace(planted[0], **{field: max(3, int(value)) if field in ("tokens", "size") else value})
    made, improved = build(planted, sets=4), build([better, *planted[1:]], sets=4)
    for _ in range(A_WORLD):
        profile = random_profile(random, free=True)
        before, after = ask(made, profile, draws=DRAWS), ask(improved, profile, draws=DRAWS)
        assert firsts(after).keys() == firsts(before).keys()
        for name, first in firsts(before).items():
            assert firsts(after)[name] >= first if name == "a" else firsts(after)[name] <= first
            assert scores(after)[name] >= scores(before)[name] - (1e-12 if name == "a" else 0)
        assert "a" in after.winners or "a" not in before.winners or not after.winners
        assert after.winner == "a" or before.winner != "a"


def test_a_dominated_or_a_duplicate_option_reverses_nothing() -> None:
    random = np.random.default_rng(1)
    for turn in range(PROFILES["dominated"] // A_WORLD):
        planted = [random_side(random, name) for name in "abc"]
        model = planted[random.integers(3)]
        worse = {field: getattr(model, field) / BETTER[field] ** random.uniform(0, 2) for field in BETTER}
        worse |= {"tokens": int(worse["tokens"]) + 1, "size": int(worse["size"]) + 1}
        added = dataclasses.replace(model, name="d", **(worse if turn % 2 else {}))
        added = dataclasses.replace(added, code="x\n" * added.tokens)
        small, large = build(planted, sets=4), build([*planted, added], sets=4)
        for _ in range(A_WORLD):
            profile = random_profile(random, free=True)
            before, after = ask(small, profile, draws=DRAWS), ask(large, profile, draws=DRAWS)
            assert [one.side for one in before.ranking] == [one.side for one in after.ranking if one.side != "d"]
            assert scores(before).items() <= scores(after).items()
            assert firsts(before).items() <= firsts(after).items()
            assert set(after.winners) - {"d"} >= set(before.winners)
            if before.winners:
                assert set(after.winners) - {"d"} == set(before.winners)


def test_identical_options_have_no_robust_winner() -> None:
    random = np.random.default_rng(2)
    for _ in range(PROFILES["itself"] // A_WORLD):
        one = random_side(random, "a")
        made = build([_once_more(random, one, name) for name in "abc"], sets=4)
        for _ in range(A_WORLD):
            choice = ask(made, random_profile(random, free=True), draws=DRAWS)
            assert (choice.verdict, choice.winners) == ("no robust winner", ())


def _once_more(random: np.random.Generator, one: Planted, name: str) -> Planted:
    """The same side measured again under another name: its figures are others by chance."""
    chance = {field: getattr(one, field) * float(random.uniform(0.95, 1.05)) for field in ("step_s", "cold_s", "peak")}
    return dataclasses.replace(one, name=name, code="x\n" * one.tokens, **chance)


def test_a_planted_winner_on_every_criterion_is_chosen() -> None:
    random = np.random.default_rng(3)
    for _ in range(PROFILES["planted"] // A_WORLD):
        usual = Planted(
            "usual",
            step_s=10 ** random.uniform(-4, 0),
            cold_s=10 ** random.uniform(0.5, 2),
            peak=10 ** random.uniform(8, 10),
            accuracy=random.uniform(0.6, 0.9),
            tokens=100,
            latency_s=10 ** random.uniform(-4, -1),
            size=int(10 ** random.uniform(4, 8)),
            arrived=dict.fromkeys(TARGETS, "same"),
        )
        planted = dataclasses.replace(
            usual,
            name="planted",
            step_s=usual.step_s / 1.1,
            cold_s=usual.cold_s / 1.1,
            peak=usual.peak / 1.1,
            accuracy=usual.accuracy * 1.1,
            tokens=90,
            latency_s=usual.latency_s / 1.1,
            size=round(usual.size / 1.1),
        )
        made = build([usual, planted])
        for _ in range(A_WORLD):
            profile = random_profile(random, free=True)
            if profile.criteria != ("targets-reached",):
                assert ask(made, profile, draws=DRAWS).winner == "planted"
