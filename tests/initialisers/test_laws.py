"""What the written sides draw their starting weights from is the law of the initialiser."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from paragone.initialisers import initialiser_kinds
from paragone.initialisers.base import Law
from paragone.sides.write.write import write_side
from paragone.task.check import CheckedTask, check_task
from paragone.task.read import parse_task

SIZES = (200, 250)
"""Of the layers in turn: 50,000 numbers each, with fans that differ."""
LEVEL = 1e-3
CHOICES: dict[str, Any] = {
    **{name: {"kind": name} for name in initialiser_kinds()},
    "constant_third": {"kind": "constant", "value": 0.3},
    "uniform_above": {"kind": "uniform", "low": 0.1, "high": 0.4},
    "normal_wide": {"kind": "normal", "stddev": 0.7},
    "truncated_wide": {"kind": "truncated_normal", "stddev": 1.7},
    "orthogonal_gain": {"kind": "orthogonal", "gain": 1.4},
    "scaled_uniform": {"kind": "variance_scaling", "scale": 2.0, "mode": "fan_out", "distribution": "uniform"},
    "scaled_normal": {"kind": "variance_scaling", "scale": 0.5, "mode": "fan_avg", "distribution": "normal"},
}
DRAW = """
import runpy, sys
import numpy as np
framework, side, out, *names = sys.argv[1:]
if framework == "tensorflow":
    import keras
    keras.utils.set_random_seed(0)
if framework == "torch":
    import torch
    torch.manual_seed(0)
model = runpy.run_path(side)["model"]
read = {
    "tensorflow": lambda name: model.get_layer(f"of_{name}").kernel.numpy(),
    "torch": lambda name: getattr(model, f"of_{name}").weight.detach().numpy().T,
    "jax": lambda name: np.asarray(getattr(model, f"of_{name}").kernel[...]),
}[framework]
np.savez(out, **{name: read(name) for name in names})
"""


def task() -> CheckedTask:
    """A chain of dense layers, one for each choice."""
    layers = [
        {"name": f"of_{name}", "kind": "dense", "units": SIZES[(index + 1) % 2], "kernel_initializer": choice}
        for index, (name, choice) in enumerate(CHOICES.items())
    ]
    table = {
        "data": {"source": "digits"},
        "model": {
            "inputs": [{"name": "given", "shape": [SIZES[0]]}],
            "layers": [*layers, {"name": "last", "kind": "linear"}],
        },
        "targets": [{"name": "wanted", "shape": [SIZES[len(layers) % 2]]}],
        "loss": {"kind": "mean_squared_error"},
        "optimizer": {"kind": "sgd", "learning_rate": 0.1},
    }
    return check_task(parse_task(table, "starts"), "starts")


@pytest.fixture(scope="module", params=["tensorflow", "torch", "jax"])
def drawn(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, np.ndarray[Any, Any]]:
    """By choice, what the side of one framework drew."""
    home = tmp_path_factory.mktemp(request.param)
    side, out = home / "side.py", home / "drawn.npz"
    side.write_text(write_side(task(), request.param, "matched").text, encoding="utf-8")
    subprocess.run(
        [sys.executable, "-c", DRAW, request.param, str(side), str(out), *CHOICES],
        check=True,
        env={**os.environ, "OMP_NUM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3"},
        cwd=Path(__file__).parents[2],
    )
    with np.load(out) as arrays:
        return dict(arrays)


def law_of(name: str) -> Law:
    """The law that the task asks for."""
    choice = dict(CHOICES[name])
    kind = initialiser_kinds()[choice.pop("kind")]
    index = list(CHOICES).index(name)
    return kind.law(kind.options.model_validate(choice), SIZES[index % 2], SIZES[(index + 1) % 2])


def chance(law: Law, numbers: np.ndarray[Any, Any]) -> float:
    """How likely numbers of this law would be farther from it."""
    a, *rest = law.numbers
    if law.name == "uniform":
        return float(stats.kstest(numbers, stats.uniform(a, rest[0] - a).cdf).pvalue)
    if law.name == "normal":
        return float(stats.kstest(numbers, stats.norm(scale=a).cdf).pvalue)
    assert law.name == "truncated_normal"
    assert np.abs(numbers).max() <= 2 * a * (1 + 1e-6)
    return float(stats.kstest(numbers, stats.truncnorm(-2, 2, scale=a).cdf).pvalue)


@pytest.mark.parametrize("name", CHOICES)
def test_law(drawn: dict[str, np.ndarray[Any, Any]], name: str) -> None:
    law, kernel = law_of(name), drawn[name].astype(np.float64)
    if law.name == "constant":
        assert (kernel == np.float32(law.numbers[0])).all()
    elif law.name == "orthogonal":
        rows = kernel if len(kernel) < len(kernel.T) else kernel.T
        np.testing.assert_allclose(rows @ rows.T, law.numbers[0] ** 2 * np.eye(len(rows)), atol=1e-5)
        shares = (rows / law.numbers[0]) ** 2
        law_of_one = stats.beta(0.5, (rows.shape[1] - 1) / 2)
        assert stats.kstest(shares.ravel(), law_of_one.cdf).pvalue > LEVEL
    else:
        assert chance(law, kernel.ravel()) > LEVEL


def test_the_test_would_see_a_normal_that_is_not_cut() -> None:
    numbers = np.random.default_rng(0).normal(size=np.prod(SIZES)) * 0.1
    cut = Law("truncated_normal", (0.1 / 0.87962566103423978,))
    assert stats.kstest(numbers, stats.truncnorm(-2, 2, scale=cut.numbers[0]).cdf).pvalue < LEVEL
