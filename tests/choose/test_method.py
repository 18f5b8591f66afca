"""The method against brute force, and broken methods that the properties must catch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from paragone.choose import decision, method, pairs
from paragone.choose.method import Numbers, Pairs, Standing, class_of_winners, stand
from paragone.choose.pairs import Pair, pairs_of
from paragone.records import Gap

from . import test_properties as properties


def random_pairs(random: np.random.Generator, options: int, criteria: int) -> tuple[Pairs, Numbers]:
    utilities = random.uniform(size=(options, criteria))
    ends = np.array(list(combinations(range(options), 2)))
    gaps = utilities[ends[:, 0]] - utilities[ends[:, 1]]
    gaps[random.uniform(size=gaps.shape) < 0.3] = 0
    return Pairs(ends, gaps, gaps, random.uniform(0, 0.1, gaps.shape), (gaps == 0).all(axis=1)), gaps


def test_it_is_what_counting_draw_by_draw_gives() -> None:
    random = np.random.default_rng(0)
    for _ in range(20):
        options, criteria = int(random.integers(2, 5)), int(random.integers(1, 5))
        made, _ = random_pairs(random, options, criteria)
        weights, noise = random.dirichlet(np.ones(criteria), size=40), random.normal(size=(40, criteria))
        found = stand(made, options, weights, noise)
        assert found.first == pytest.approx(counted(made, options, weights, noise), abs=1e-12)


def counted(made: Pairs, options: int, weights: Numbers, noise: Numbers) -> Numbers:
    """In plain loops: who is beaten by nobody."""
    unbeaten = np.zeros(options)
    for row, drawn in zip(weights, noise, strict=True):
        beaten = set()
        for (a, b), gaps, spreads in zip(made.ends, made.low, made.spread, strict=True):
            lead = 0.0
            for weight, gap, spread, one in zip(row, gaps, spreads, drawn, strict=True):
                size = max(0.0, abs(gap) + spread * one)
                lead += weight * (size if gap > 0 else -size if gap < 0 else 0.0)
            if lead:
                beaten.add(b if lead > 0 else a)
        for option in range(options):
            unbeaten[option] += option not in beaten
    return unbeaten / len(weights)


def test_without_noise_and_ties_it_is_stochastic_multicriteria_acceptability() -> None:
    """SMAA's first rank (Lahdelma and Salminen, Operations Research 49(3), 2001), by the highest sum in each draw."""
    random = np.random.default_rng(1)
    for _ in range(20):
        utilities = random.uniform(size=(4, 3))
        ends = np.array(list(combinations(range(4), 2)))
        gaps = utilities[ends[:, 0]] - utilities[ends[:, 1]]
        weights = random.dirichlet(np.ones(3), size=500)
        made = Pairs(ends, gaps, gaps, np.zeros_like(gaps), np.zeros(len(ends), dtype=bool))
        found = stand(made, 4, weights, np.zeros_like(weights))
        best = np.bincount((weights @ utilities.T).argmax(axis=1), minlength=4) / 500
        assert found.first == pytest.approx(best, abs=1e-12)


def test_what_is_unknown_is_held_against_whoever_would_gain() -> None:
    made = Pairs(
        np.array([[0, 1]]), np.array([[0.2, -0.6]]), np.array([[0.2, 0.4]]), np.zeros((1, 2)), np.array([False])
    )
    weights = np.array([[0.9, 0.1], [0.6, 0.4]])
    found = stand(made, 2, weights, np.zeros((2, 2)))
    assert found.ahead.tolist() == [[0.5, 0.0]]
    assert found.first.tolist() == [0.5, 0.0]


def test_two_that_are_told_apart_are_never_winners_together() -> None:
    random = np.random.default_rng(2)
    for _ in range(200):
        options, criteria = int(random.integers(2, 6)), int(random.integers(1, 5))
        made, _ = random_pairs(random, options, criteria)
        weights, noise = random.dirichlet(np.ones(criteria), size=200), random.normal(size=(200, criteria))
        winners = class_of_winners(stand(made, options, weights, noise), 0.7)
        level = {tuple(map(int, pair)) for pair, even in zip(made.ends, made.level, strict=True) if even}
        assert set(combinations(winners, 2)) <= level


def splits_a_class(found: Standing, robust: float) -> tuple[int, ...]:
    """Lets copies share their chances."""
    shares = found.first / found.first.sum() if found.first.sum() else found.first
    return tuple(int(at) for at in np.flatnonzero(shares >= robust))


def always_the_first(found: Standing, robust: float) -> tuple[int, ...]:
    """Never abstains."""
    return (int(found.first.argmax()),) if len(found.first) else ()


def never_sure(found: Standing, robust: float) -> tuple[int, ...]:
    """Always abstains."""
    return ()


def rescaled(*given: Any) -> list[Pair]:
    """Stretches every criterion to the options at hand."""
    found = pairs_of(*given)
    widest = {name: max(abs(pair.gaps[name].low) for pair in found) or 1.0 for name in (found[0].gaps if found else ())}

    def stretched(gap: Gap) -> Gap:
        return gap.model_copy(update={end: getattr(gap, end) / widest[gap.criterion] for end in ("low", "high")})

    return [replace(pair, gaps={name: stretched(gap) for name, gap in pair.gaps.items()}) for pair in found]


def always_apart(*_: object) -> bool:
    return True


def backwards(gaps: Numbers, spread: Numbers, weights: Numbers, noise: Numbers) -> Numbers:
    """Prefers the worse."""
    return -LEAD(gaps, spread, weights, noise)


LEAD = method._lead
PROPERTIES = (
    properties.test_no_violated_hard_constraint_is_ever_chosen,
    properties.test_a_better_value_never_hurts,
    properties.test_a_dominated_or_a_duplicate_option_reverses_nothing,
    properties.test_identical_options_have_no_robust_winner,
    properties.test_a_planted_winner_on_every_criterion_is_chosen,
)


@pytest.mark.parametrize(
    ("owner", "name", "broken"),
    [
        (decision, "pairs_of", rescaled),
        (method, "class_of_winners", splits_a_class),
        (method, "class_of_winners", always_the_first),
        (method, "class_of_winners", never_sure),
        (method, "_lead", backwards),
        (pairs, "_counts", always_apart),
    ],
    ids=["rescales to the options", "splits a class", "never abstains", "always abstains", "backwards", "no tie"],
)
def test_a_broken_method_is_caught_by_a_property(
    owner: object, name: str, broken: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owner, name, broken)
    monkeypatch.setattr(properties, "PROFILES", dict.fromkeys(properties.PROFILES, 60))
    if name == "_counts":
        monkeypatch.setattr(pairs, "same_code", lambda *_: False)
        monkeypatch.setattr(pairs, "apart", always_apart)
    caught = 0
    for check in PROPERTIES:
        plain = getattr(check, "hypothesis", None)
        try:
            _few(plain.inner_test) if plain else check()
        except AssertionError:
            caught += 1
    assert caught


def _few(check: Callable[..., None]) -> None:
    for seed in range(2):
        check(seed=seed, field="step_s", power=1.0)


def test_three_that_go_round_leave_nobody_first() -> None:
    """Each leads the next on the one criterion that tells the two apart."""
    gaps = np.array([[0.3, 0.0, 0.0], [0.0, 0.0, -0.3], [0.0, 0.3, 0.0]])
    made = Pairs(np.array([[0, 1], [0, 2], [1, 2]]), gaps, gaps, np.zeros((3, 3)), np.zeros(3, dtype=bool))
    found = stand(made, 3, np.full((10, 3), 1 / 3), np.zeros((10, 3)))
    assert (found.first.tolist(), found.nobody) == ([0.0] * 3, 1.0)
    assert class_of_winners(found, 0.7) == ()
