from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from paragone.choose.criteria import criteria
from paragone.choose.flips import Rivals, value_flip, weight_flip

from .worlds import Planted, ask, build

KINDS = criteria()
SCALES = {name: kind.scale for name, kind in KINDS.items()}

Utilities = dict[str, dict[str, float]]


def order(weights: dict[str, float], utilities: Utilities) -> list[str]:
    scores = {one: sum(weights[name] * value for name, value in row.items()) for one, row in utilities.items()}
    return sorted(scores, key=lambda one: -scores[one])


def random_rivals(seed: int) -> tuple[Rivals, Utilities, dict[str, dict[str, float]]]:
    random = np.random.default_rng(seed)
    names = list(map(str, random.choice(list(KINDS), size=random.integers(1, 6), replace=False)))
    weights = dict(zip(names, map(float, random.dirichlet(np.ones(len(names)))), strict=True))
    utilities = {side: {name: float(random.uniform()) for name in names} for side in "abcd"[: random.integers(2, 5)]}
    values = {side: {name: SCALES[name].value(at) for name, at in row.items()} for side, row in utilities.items()}
    first, *others = order(weights, utilities)
    leads = {one: {name: utilities[first][name] - utilities[one][name] for name in names} for one in others}
    return Rivals(first, weights, utilities, leads), utilities, values


def reweighed(rivals: Rivals, criterion: str, weight: float) -> dict[str, float]:
    left = (1 - weight) / (1 - rivals.weights[criterion])
    return {name: weight if name == criterion else left * old for name, old in rivals.weights.items()}


@settings(max_examples=100, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32))
def test_the_weight_flip_flips_and_no_smaller_change_does(seed: int) -> None:
    rivals, utilities, _ = random_rivals(seed)
    flip = weight_flip(rivals)
    change = 2.0 if flip is None else flip.weight - rivals.weights[flip.criterion]
    if flip is not None and abs(change) > 1e-6 and 0 < flip.weight + 1e-6 * np.sign(change) < 1:
        beyond = reweighed(rivals, flip.criterion, flip.weight + 1e-6 * np.sign(change))
        assert order(beyond, utilities)[0] == flip.other != rivals.first
    for name, weight in rivals.weights.items():
        for other in np.linspace(max(0, weight - 0.999 * abs(change)), min(1, weight + 0.999 * abs(change)), 21):
            if len(rivals.weights) > 1:
                assert order(reweighed(rivals, name, other), utilities)[0] == rivals.first


@settings(max_examples=100, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32))
def test_the_value_flip_flips_and_no_smaller_change_of_it_does(seed: int) -> None:
    rivals, utilities, values = random_rivals(seed)
    flip = value_flip(rivals, SCALES, values)

    def first_with(side: str, criterion: str, utility: float) -> str:
        return order(dict(rivals.weights), utilities | {side: utilities[side] | {criterion: utility}})[0]

    if flip is None:
        for side, row in utilities.items():
            for name in row:
                ends = {first_with(side, name, end) for end in (0.0, 1.0)}
                assert ends == {rivals.first} or abs(rivals.weights[name]) < 1e-9
        return
    now, there = utilities[flip.option][flip.criterion], SCALES[flip.criterion].utility(flip.value)
    beyond = 1e-6 * np.sign(there - now)
    assert first_with(flip.option, flip.criterion, there + beyond) == flip.other != rivals.first
    assert first_with(flip.option, flip.criterion, there - beyond) == rivals.first


def test_a_side_that_is_better_in_everything_cannot_lose_by_one_weight() -> None:
    worse = Planted("b", step_s=2e-3, cold_s=8, peak=9e8, accuracy=0.899, tokens=400)
    choice = ask(build([Planted("a"), worse]))
    assert choice.flips[0] == "No change of one weight alone makes another the first."
    assert "b would be ahead of a" in choice.flips[1] or "No change of one value" in choice.flips[1]


def test_the_sentences_name_the_change_and_the_best_case_of_the_runner_up() -> None:
    made = build([Planted("fast", step_s=0.5e-3, peak=5e8), Planted("small", peak=3e8)])
    choice = ask(made, "large-scale-training")
    assert choice.winner == "fast"
    assert choice.flips[0].startswith("If peak memory weighed above")
    assert choice.flips[0].endswith("the others keeping their proportions, small would be ahead of fast.")
    assert choice.flips[1].startswith("If the steady step time of fast were above")
    assert choice.best_case[0].startswith("The runner-up, small, is ahead of fast in")
    assert choice.best_case[1].startswith("At its best, where peak memory weighs")
