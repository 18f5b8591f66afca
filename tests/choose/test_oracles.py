"""Against scikit-criteria and pymcdm, on the methods that we share; without them these tests fail (`make oracles`)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from paragone.choose.criteria import criteria
from paragone.records import Choice

from .test_properties import random_profile, random_side
from .worlds import ask, build

ROOT = Path(__file__).parents[2]
INSTALLED = ROOT / ".oracles"
CASES = 60


def _case(choice: Choice) -> dict[str, Any]:
    """What the oracles are given: our utilities and weights, and the values on their scales."""
    scales = [criteria()[one.id].scale for one in choice.criteria]
    sides = [one.side for one in choice.ranking]
    values = [{value.side: value for value in one.values} for one in choice.criteria]
    return {
        "utilities": [[of[side].utility.mid for of in values] for side in sides],
        "coordinates": [
            [scale.coordinate(of[side].value.mid) for scale, of in zip(scales, values, strict=True)] for side in sides
        ],
        "bounds": [[scale.coordinate(scale.worst), scale.coordinate(scale.best)] for scale in scales],
        "weights": [one.weight for one in choice.criteria],
    }


@pytest.fixture(scope="module")
def choices() -> list[Choice]:
    random = np.random.default_rng(4)
    found: list[Choice] = []
    while len(found) < CASES:
        made = build([random_side(random, name) for name in "abcd"], sets=4)
        choice = ask(made, random_profile(random, free=True), draws=16)
        whole = len(choice.criteria) > 1 and all(len(one.values) == 4 for one in choice.criteria)
        inside = all(0 < value.utility.mid < 1 for one in choice.criteria for value in one.values)
        found += [choice] if whole and inside else []
    return found


@pytest.fixture(scope="module")
def answers(choices: list[Choice]) -> list[dict[str, Any]]:
    assert INSTALLED.is_dir(), "the oracles are not installed: run `make oracles`"
    asked = subprocess.run(
        [sys.executable, str(Path(__file__).parent / "oracles" / "ask.py")],
        input=json.dumps([_case(choice) for choice in choices]),
        env={**os.environ, "PYTHONPATH": str(INSTALLED)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr
    return json.loads(asked.stdout)


@pytest.mark.parametrize("oracle", ["skcriteria", "pymcdm"])
def test_scores_are_the_weighted_sums_of_others(
    choices: list[Choice], answers: list[dict[str, Any]], oracle: str
) -> None:
    for choice, answer in zip(choices, answers, strict=True):
        ours = [one.score.mid for one in choice.ranking]
        assert ours == pytest.approx(answer[oracle], abs=1e-9)


def test_scores_are_what_is_left_of_the_distance_to_the_ideal_by_spotis(
    choices: list[Choice], answers: list[dict[str, Any]]
) -> None:
    """SPOTIS measures from the best ends of fixed scales, and so has no reversals either."""
    for choice, answer in zip(choices, answers, strict=True):
        ours = [one.score.mid for one in choice.ranking]
        assert ours == pytest.approx([1 - distance for distance in answer["spotis"]], abs=1e-9)


def test_the_ranking_is_that_of_others(choices: list[Choice], answers: list[dict[str, Any]]) -> None:
    for choice, answer in zip(choices, answers, strict=True):
        scores = [one.score.mid for one in choice.ranking]
        if len(np.unique(np.round(scores, 9))) == len(scores):
            assert answer["ranks"] == list(range(1, len(scores) + 1))
