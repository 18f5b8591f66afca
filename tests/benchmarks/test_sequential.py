"""The comparison of stopping rules: its instruments measure what they say."""

from __future__ import annotations

import math

import numpy as np
import pytest

from benchmarks import sequential as bench
from paragone.measure.statistics import Certainty, Pairing, compare

STEP = Pairing("torch", "jax", "idiomatic", "step")


def test_the_rule_that_is_compared_is_the_one_that_is_used() -> None:
    values = np.random.default_rng(0).normal(0.02, 0.02, 12)
    for sets, critical in bench.declared(12).items():
        share = bench.looks(12).share(sets)
        ratio = compare(STEP, values[:sets].tolist(), Certainty(share=share))
        assert math.log(ratio.high / ratio.low) / 2 == pytest.approx(
            critical * values[:sets].std(ddof=1) / math.sqrt(sets)
        )


@pytest.mark.parametrize("noise", ["normal", "heavy tails", "spikes", "calming"])
def test_rules_that_claim_the_level_keep_it_and_peeking_does_not(noise: str) -> None:
    values = bench.NOISES[noise](np.random.default_rng(1), (20_000, 12))
    for rule in (bench.once, bench.declared, bench.declared_everywhere, lambda most: bench.mixture(most, 4.0)):
        assert bench.outcome(values, rule(12)).alarms < 0.0125  # 0.01 and 3.5 standard errors
    assert bench.outcome(values, bench.peeking(12)).alarms > 0.02


def test_the_mixture_alarms_where_its_bayes_factor_is_a_hundred() -> None:
    for sets, critical in bench.mixture(12, 4.0).items():
        if math.isfinite(critical):
            spread, grown = critical**2 / (sets - 1), 1 + 4.0 * sets
            factor = ((1 + spread) / (1 + spread / grown)) ** (sets / 2) / math.sqrt(grown)
            assert factor == pytest.approx(100)


def test_the_mixtures_bayes_factor_is_a_martingale_where_nothing_differs() -> None:
    values = np.random.default_rng(2).standard_normal((200_000, 8))
    t, _ = bench._student(values)
    for sets in (4, 8):
        spread, grown = t[:, sets - 1] ** 2 / (sets - 1), 1 + 0.2 * sets
        factor = ((1 + spread) / (1 + spread / grown)) ** (sets / 2) / np.sqrt(grown)
        assert factor.mean() == pytest.approx(1, abs=0.02)


def test_a_run_ends_at_the_first_alarm_or_once_what_matters_is_excluded() -> None:
    rows = np.array([[0.5, 0.501, 0.499, 0.5], [0.001, -0.001, 0.0, 0.0], [0.3, -0.3, 0.2, -0.2]])
    found = [bench.outcome(row[None], {2: 20.0, 4: 10.0}, matters=0.03) for row in rows]
    assert [one.alarms for one in found] == [1, 0, 0]
    assert [one.sets for one in found] == [2, 2, 4]
