"""Small sides deployed once to every target that is installed with the tested set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import TORCH, write_sides

from paragone.deploy import runtime
from paragone.options import CompareOptions
from paragone.progress import Silent
from paragone.records import Artifact, Run
from paragone.run import deploy_run

KERAS = """
import keras

model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(6, activation="tanh"), keras.layers.Dense(3)])
model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
"""
TESTED = (
    *("onnxruntime", "openvino", "openvino_float32", "tensorflow", "litert", "litert_int8"),
    "onnxruntime_int8",
    *("torch_export", "aot_inductor", "jax_export"),
    *("aot_inductor_cpp", "tensorflow_c"),
)
"""Targets whose runtimes are in the tested set: here they must run."""


@dataclass(frozen=True)
class Done:
    """A finished run.

    Args:
        options: that it was given.
        folder: of the run.
        run: its record.
    """

    options: CompareOptions
    folder: Path
    run: Run

    def cell(self, side: str, target: str) -> Artifact:
        """One side in one target."""
        return next(one for one in self.run.artifacts if (one.side, one.target) == (side, target))


def sides_in(folder: Path) -> list[str]:
    """A side in each framework, and one whose forward pass depends on its data."""
    write_sides(folder)
    (folder / "keras_side.py").write_text(KERAS, encoding="utf-8")
    (folder / "branching.py").write_text(
        TORCH.replace(
            "model = nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 3))",
            "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
            "        self.a, self.b = nn.Linear(4, 3), nn.Linear(4, 3)\n\n"
            "    def forward(self, x):\n        return self.a(x) if float(x.sum()) > 0 else self.b(x)\n\n\n"
            "model = Net()",
        ),
        encoding="utf-8",
    )
    return [str(folder / name) for name in ("torch_side.py", "keras_side.py", "jax_side.py")]


def deployed(folder: Path, sides: list[str], *to: str, **more: Any) -> Done:
    """Deploy sides on the small data; the targets' times are short, and one process has them."""
    options = CompareOptions(
        sides=tuple(sides),
        data=f"{folder}/data.py:points",
        out=folder / "run",
        steps=20,
        to=to,
        history=False,
        **{"processes": 1, **more},
    )
    return Done(options, folder / "run", deploy_run(options, Silent()))


@pytest.fixture(scope="session", autouse=True)
def _short_times() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runtime, "TIMED_S", 0.1)
        yield


@pytest.fixture(scope="session")
def done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """All three sides in all tested targets."""
    folder = tmp_path_factory.mktemp("deploy")
    return deployed(folder, sides_in(folder), *TESTED)
