from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from paragone.choose import choose
from paragone.choose.criteria import criteria
from paragone.choose.flips import Standing, value_flip, weight_flip

from .worlds import Planted, build

KINDS = criteria()
SCALES = {name: kind.scale for name, kind in KINDS.items()}


def random_standing(seed: int) -> tuple[Standing, dict[str, dict[str, float]]]:
    random = np.random.default_rng(seed)
    names = list(random.choice(list(KINDS), size=random.integers(1, 6), replace=False))
    weights = random.dirichlet(np.ones(len(names)))
    utilities = {side: {name: float(random.uniform()) for name in names} for side in "abcd"[: random.integers(2, 5)]}
    values = {side: {name: SCALES[name].value(at) for name, at in row.items()} for side, row in utilities.items()}
    return Standing(dict(zip(names, map(float, weights), strict=True)), utilities), values


def reweighed(standing: Standing, criterion: str, weight: float) -> Standing:
    left = (1 - weight) / (1 - standing.weights[criterion])
    weights = {name: weight if name == criterion else left * old for name, old in standing.weights.items()}
    return Standing(weights, standing.utilities)


def revalued(standing: Standing, side: str, criterion: str, utility: float) -> Standing:
    row = standing.utilities[side] | {criterion: utility}
    return Standing(standing.weights, standing.utilities | {side: row})


@settings(max_examples=300, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32))
def test_the_weight_flip_flips_and_no_smaller_change_does(seed: int) -> None:
    standing, _ = random_standing(seed)
    first = standing.order()[0]
    flip = weight_flip(standing)
    change = 2.0 if flip is None else flip.weight - standing.weights[flip.criterion]
    if flip is not None and abs(change) > 1e-6 and 0 < flip.weight + 1e-6 * np.sign(change) < 1:
        beyond = reweighed(standing, flip.criterion, flip.weight + 1e-6 * np.sign(change))
        assert beyond.order()[0] == flip.other != first
    for name, weight in standing.weights.items():
        for other in np.linspace(max(0, weight - 0.999 * abs(change)), min(1, weight + 0.999 * abs(change)), 21):
            if len(standing.weights) > 1:
                assert reweighed(standing, name, other).order()[0] == first


@settings(max_examples=300, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32))
def test_the_value_flip_flips_and_no_smaller_change_of_it_does(seed: int) -> None:
    standing, values = random_standing(seed)
    flip = value_flip(standing, SCALES, values)
    first = standing.order()[0]
    if flip is None:
        for side, row in standing.utilities.items():
            for name in row:
                worst, best = (revalued(standing, side, name, end).order()[0] for end in (0.0, 1.0))
                assert (worst, best) == (first, first) or abs(standing.weights[name]) < 1e-9
        return
    now, there = standing.utilities[flip.side][flip.criterion], SCALES[flip.criterion].utility(flip.value)
    assert revalued(standing, flip.side, flip.criterion, there + 1e-6 * np.sign(there - now)).order()[0] == flip.other
    assert revalued(standing, flip.side, flip.criterion, there - 1e-6 * np.sign(there - now)).order()[0] == first
    assert flip.other != first


def test_a_side_that_is_better_in_everything_cannot_lose_by_one_weight() -> None:
    made = build(
        [Planted("a"), Planted("b", step_s=2e-3, cold_s=8, peak=9e8, accuracy=0.899, tokens=400)],
    )
    choice = choose(made.evidence.proof, made.evidence.timings, made.sides, "balanced", 0)
    assert choice.flips[0] == "No change of one weight alone makes another side the first."
    assert "b would be first" in choice.flips[1] or "No change of one value" in choice.flips[1]


def test_the_sentences_name_the_change() -> None:
    made = build([Planted("fast", step_s=0.5e-3, peak=1.2e9), Planted("small", peak=3e8)])
    choice = choose(made.evidence.proof, made.evidence.timings, made.sides, "long-training", 0)
    assert choice.ranking[0].side == "fast"
    assert choice.flips == (
        "If peak memory weighed above 14.3 % in place of 10 %, the others keeping their proportions, "
        "small would be first.",
        "If the steady step time of fast were above 631 µs in place of 500 µs, small would be first.",
    )
