"""How far another process may lie from those that were timed."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import t

from paragone.choose import criteria
from paragone.choose.criteria import RunEvidence
from paragone.records import Artifact, ArtifactProcess, Latency

from .worlds import Planted, build

TRUE_S = {"a": 1e-3, "b": 1.3e-3, "c": 2e-3}


def cell(side: str, p50_s: list[float], target: str = "onnxruntime") -> Artifact:
    """An artifact whose processes took this."""
    processes = tuple(
        ArtifactProcess(cold_start_s=1000 * took, latency_s=Latency(p50=took, p99=3 * took, n=10)) for took in p50_s
    )
    return Artifact(side=side, target=target, title=target, verdict="same", processes=processes)


def evidence(cells: list[Artifact]) -> RunEvidence:
    return RunEvidence(proof=None, timings=None, artifacts=tuple(cells))


SIDES = {one.name: one for one in build([Planted(name) for name in TRUE_S]).sides}


def value(found: RunEvidence, side: str, criterion: str = "latency") -> tuple[float, float, float]:
    interval = criteria.criteria()[criterion].value(found, SIDES[side])
    assert interval is not None
    return interval.low, interval.mid, interval.high


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Three processes of a side: 95 % of the intervals, within chance."""
    dice, held = np.random.default_rng(0), 0
    for _ in range(2000):
        cells = [cell(name, list(true * np.exp(dice.normal(0, 0.1, 3)))) for name, true in TRUE_S.items()]
        low, _, high = value(evidence(cells), "b")
        held += low <= TRUE_S["b"] <= high
    assert 0.935 <= held / 2000 <= 0.965


def test_one_side_alone_has_the_interval_of_student() -> None:
    took = [1e-3, 1.2e-3, 0.9e-3, 1.1e-3]
    low, mid, high = value(evidence([cell("a", took)]), "a")
    logs = np.log(took)
    wanted = t.interval(0.95, 3, loc=logs.mean(), scale=logs.std(ddof=1) / 2)
    assert (math.log(low), math.log(high)) == pytest.approx(wanted)
    assert math.log(mid) == pytest.approx(logs.mean())


@pytest.mark.parametrize(("criterion", "least"), [("artifact-start", 1.5), ("latency", 1.25), ("tail-latency", 1.4)])
def test_one_process_tells_no_small_difference(criterion: str, least: float) -> None:
    low, mid, high = value(evidence([cell("a", [1e-3])]), "a", criterion)
    assert high / mid == pytest.approx(mid / low) and high / mid > least


def test_other_targets_and_sides_lend_no_spread_and_the_quickest_counts() -> None:
    quiet, loud = cell("a", [1e-3, 1.001e-3], "onnxruntime"), cell("a", [9e-3, 30e-3], "litert")
    low, mid, high = value(evidence([quiet, loud, cell("b", [1e-3, 4e-3])]), "a")
    assert mid == pytest.approx(math.sqrt(1e-3 * 1.001e-3)) and high / low < 1.02
