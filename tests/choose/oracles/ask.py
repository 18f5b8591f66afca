"""Other people's arithmetic, in a process that has it: JSON in, JSON out.

Each case has `utilities` (options x criteria, from 0 to 1), `coordinates` on scales whose ends are `bounds`, and
`weights`.
"""

from __future__ import annotations

import json
import sys

import numpy as np
from pymcdm.methods import SPOTIS, WSM
from pymcdm.normalizations import minmax_normalization
from skcriteria import mkdm
from skcriteria.agg.simple import WeightedSumModel


def answer(case: dict[str, list[float]]) -> dict[str, list[float]]:
    utilities, weights = np.array(case["utilities"]), np.array(case["weights"])
    coordinates, bounds = np.array(case["coordinates"]), np.array(case["bounds"])
    count = len(weights)
    ranked = WeightedSumModel().evaluate(mkdm(utilities, [max] * count, weights=weights))
    # An option at each end of every scale keeps its normalisation to what it was asked for.
    anchored = np.vstack([utilities, np.zeros(count), np.ones(count)])
    upwards = np.sign(bounds[:, 1] - bounds[:, 0])
    return {
        "skcriteria": ranked.e_.score.tolist(),
        "ranks": ranked.rank_.tolist(),
        "pymcdm": WSM(minmax_normalization)(anchored, weights, np.ones(count))[:-2].tolist(),
        "spotis": SPOTIS(np.sort(bounds, axis=1))(coordinates, weights, upwards).tolist(),
    }


if __name__ == "__main__":
    json.dump([answer(case) for case in json.load(sys.stdin)], sys.stdout)
