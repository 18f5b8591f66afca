"""Weights of samples, and plateaus: the sides agree, and with NumPy. `check_learning` has more of every word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file

from .canonical import trained
from .check_learning import faults_of
from .lab import BATCH, Arrays, Case, Ran, run
from .words_learning import loss_case, optimizer_case

WEIGHED: dict[str, dict[str, Any]] = {
    "mean_squared_error": {"output": [4, 3], "target": [4, 3], "weight": [4]},
    "mean_absolute_error": {"output": [3, 4, 2], "target": [3, 4, 2], "weight": [], "image": True},
    "huber": {"output": [4, 1], "target": [4], "weight": [4]},
    "sparse_categorical_crossentropy": {
        **{"output": [4, 3], "target": [4], "weight": [], "ignore_index": -1},
        **{"class_weights": [0.5, 1.0, 3.0], "label_smoothing": 0.1},
    },
    "binary_crossentropy": {
        **{"output": [1], "target": [], "target_is": "bits", "weight": []},
        "class_weights": [1.0, 4.0],
    },
    "gaussian_kl": {"output": [3, 4], "target": [1], "weight": [3]},
}
PLATEAU = {"kind": "plateau", "every": 3, "patience": 1, "threshold": 0.2, "factor": 0.6, "cooldown": 2, "alpha": 0.05}
WATCHED: dict[str, dict[str, Any]] = {
    "sgd": {"momentum": 0.9, "schedule": PLATEAU, "clipping": {"kind": "global_norm", "limit": 0.3}},
    "adam": {"schedule": {**PLATEAU, "every": 1, "threshold": 0.01, "threshold_mode": "absolute"}},
    "rmsprop": {"momentum": 0.9, "schedule": PLATEAU},
    "adafactor": {"schedule": PLATEAU},
}
CASES = [loss_case(word, example, f"loss_{word}") for word, example in WEIGHED.items()]
CASES += [optimizer_case(word, example, f"plateau_{word}") for word, example in WATCHED.items()]
NAMES = [case.name for case in CASES]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("learning")


@pytest.fixture(scope="module")
def found(home: Path) -> dict[str, dict[str, Ran]]:
    return run(CASES, home)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_matched_sides_learn_the_same(case: Case, found: dict[str, dict[str, Ran]], home: Path) -> None:
    assert not faults_of(case, found[case.name], home / case.name)


@pytest.mark.parametrize("word", WATCHED)
def test_the_rate_falls_in_these_cases(word: str, found: dict[str, dict[str, Ran]], home: Path) -> None:
    """Without the schedule the weights are others, so that the case above says something about it."""
    case = next(case for case in CASES if case.name == f"plateau_{word}")
    data, weights = (load_file(home / case.name / f"{name}.safetensors") for name in ("data", "weights"))
    table = {key: part for key, part in case.table.items() if key != "schedule"}
    constant = trained(Case(case.name, table, steps=case.steps), data, weights)
    arrays = found[case.name]["torch"].arrays
    assert max(float(np.abs(arrays[f"weights/{name}"] - w).max()) for name, w in constant.items()) > 1e-3


def _sparse(output: Any, data: Arrays) -> tuple[Any, Any]:
    """Losses and what each counts in the divisor."""
    labels, weights, smoothing = data["y0"][:BATCH], np.array([0.5, 1.0, 3.0]), 0.1
    logs = output - np.log(np.exp(output).sum(-1, keepdims=True))
    smooth = np.eye(3)[labels] * (1 - smoothing) + smoothing / 3
    return -(weights * smooth * logs).sum(-1), weights[labels]


def _binary(output: Any, data: Arrays) -> tuple[Any, Any]:
    labels, logits = data["y0"][:BATCH], output[:, 0]
    weight = np.where(labels == 1, 4.0, 1.0)
    return weight * np.log1p(np.exp(np.where(labels == 1, -logits, logits))), weight


def _squared(output: Any, data: Arrays) -> tuple[Any, Any]:
    return ((output - data["y0"][:BATCH]) ** 2).mean(-1), np.ones(output.shape[:-1])


FORMULAS = {
    "sparse_categorical_crossentropy": _sparse,
    "binary_crossentropy": _binary,
    "mean_squared_error": _squared,
}


@pytest.mark.parametrize("word", FORMULAS)
def test_a_weight_multiplies_the_part_of_its_sample_and_leaves_the_divisor(
    word: str, found: dict[str, dict[str, Ran]], home: Path
) -> None:
    ran = found[f"loss_{word}"]["torch"].arrays
    data = load_file(home / f"loss_{word}" / "data.safetensors")
    losses, share = FORMULAS[word](ran["forward/0"][:BATCH], data)
    weight = data["y1"][:BATCH].reshape(data["y1"][:BATCH].shape + (1,) * (losses.ndim - data["y1"].ndim))
    np.testing.assert_allclose(ran["loss"][0], (weight * losses).sum() / share.sum(), rtol=1e-12)


def test_plain_sides_run(tmp_path: Path) -> None:
    results = run([CASES[3], CASES[6], CASES[8]], tmp_path, "plain")
    assert not {name: ran.error for name, sides in results.items() for ran in sides.values() if ran.error}
