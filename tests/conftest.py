"""Small sides and data, the program as a person calls it, and one finished run that many tests look at."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from compileall import compile_dir
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from benchmarks.quick_xla import compile_quickly
from hypothesis import settings

import paragone
from paragone.measure import plan, stage

compile_quickly(Path(__file__).parents[1] / ".pytest_cache" / "xla")  # tests/prove/test_first_task.py does without

TORCH = """
import torch
from torch import nn

model = nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 3))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
"""
JAX = """
import jax.numpy as jnp
import optax
from flax import nnx


class Net(nnx.Module):
    def __init__(self, rngs):
        self.a = nnx.Linear(4, 6, rngs=rngs)
        self.b = nnx.Linear(6, 3, rngs=rngs)

    def __call__(self, x):
        return self.b(jnp.tanh(self.a(x)))


def loss_fn(model, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()


model = Net(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)
"""
DATA = """
import numpy as np

dice = np.random.default_rng(0)


def points():
    x = dice.normal(size=(120, 4)).astype("float32")
    return x, (x[:, 0] > 0).astype(int) + (x[:, 1] > 0)
"""

# The whole program, but for the time that it spends on timing: three sets of short blocks.
QUICK = """
from functools import partial
from paragone.measure import plan, stage
plan.Pace = stage.Pace = partial(plan.Pace, block_s=0.005, timed_s=0.05, warmup_s=0.05)
stage.sets_within = lambda *_: plan.MIN_SETS
from paragone.cli import main
main()
"""


@dataclass(frozen=True)
class Program:
    """`paragone`, called in a process of its own.

    Args:
        folder: where it is called; `torch_side.py`, `other_side.py`, `jax_side.py` and `data.py` are there.
        environment: of the process.
    """

    folder: Path
    environment: dict[str, str]

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", QUICK, *words],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        with self.start(*words) as process:
            stdout, stderr = process.communicate(timeout=500)
        return subprocess.CompletedProcess(words, process.returncode, stdout, stderr)

    def compare(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Compare sides on the small data, with few steps."""
        return self.run("compare", *words, "--data", "data.py:points", "--steps", "5")


def write_sides(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "torch_side.py": TORCH,
        "other_side.py": TORCH.replace("0.1", "0.2"),
        "jax_side.py": JAX,
        "data.py": DATA,
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture
def program(tmp_path: Path) -> Program:
    write_sides(tmp_path)
    return Program(tmp_path, dict(os.environ))


def pytest_configure(config: pytest.Config) -> None:
    """Our own files are compiled once, not in every process that a test starts: workers keep nothing compiled."""
    settings.register_profile("untimed", deadline=None)  # how long an example takes is no verdict
    settings.load_profile("untimed")
    if not hasattr(config, "workerinput"):  # the processes of pytest-xdist begin after this
        compile_dir(Path(paragone.__file__).parent, quiet=2)


@pytest.fixture(scope="session", autouse=True)
def own_history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The history of all tests, and of the programs that they start: never the user's own."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("history")
        patch.setenv("PARAGONE_HOME", str(folder))
        yield folder


def shorten_timing(patch: pytest.MonkeyPatch) -> None:
    """The same short timing, for runs in this process."""
    quick = partial(plan.Pace, block_s=0.005, timed_s=0.05, warmup_s=0.05)
    patch.setattr(plan, "Pace", quick)
    patch.setattr(stage, "Pace", quick)
    patch.setattr(stage, "sets_within", lambda *_: plan.MIN_SETS)


@dataclass(frozen=True)
class SmallRun:
    """A finished run of a PyTorch and a JAX side.

    Args:
        program: where it ran, in a home with a telling name.
        folder: the run's folder.
        words: the words that it was called with.
        done: what it printed.
    """

    program: Program
    folder: Path
    words: tuple[str, ...]
    done: subprocess.CompletedProcess[str]

    @property
    def record(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.done.stdout)
        return found


@pytest.fixture(scope="session")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> SmallRun:
    home = tmp_path_factory.mktemp("home") / "jane-telltale"
    folder = home / "secret-project"
    write_sides(folder)
    program = Program(folder, {**os.environ, "HOME": str(home), "USER": "jane-telltale", "LOGNAME": "jane-telltale"})
    words = (
        *("compare", str(folder / "torch_side.py"), str(folder / "jax_side.py"), "--data", f"{folder}/data.py:points"),
        *("--steps", "5", "--out", "small", "--json"),
    )
    done = program.run(*words)
    assert done.returncode == 0, done.stderr
    return SmallRun(program, folder / "small", words, done)


@pytest.fixture
def lines_of_error() -> Callable[[subprocess.CompletedProcess[str]], list[str]]:
    """Checks that wrong input ended with 2 and one clear message, and gives its lines."""

    def check(done: subprocess.CompletedProcess[str]) -> list[str]:
        assert done.returncode == 2, done.stderr
        assert done.stdout == ""
        assert "Traceback" not in done.stderr
        lines = done.stderr.splitlines()
        assert lines[0].startswith("error: ")
        return lines

    return check


LONG = (
    *("test_compare", "test_pairs", "test_patch", "test_mutants", "test_sides", "test_certificate", "test_zoo_same"),
    *("test_first_task", "test_failures", "test_planted", "test_aligned_pairs", "test_prove", "test_stress"),
    *("test_words", "test_learning", "test_plain", "test_interruption", "test_locating", "test_trapbench"),
    "test_measure",
    "test_deploy",
    "test_padding",
    "test_gru_forms",
    *("test_quality", "test_keras_elsewhere", "test_spawn", "test_forkserver"),
    "test_written_out",
)
"""Files that take minutes, the longest first: begun last, one of two processes would wait for the other."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long files first; within a file the order stays."""
    place = {name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.path.stem, len(LONG)))
