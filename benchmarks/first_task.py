"""The contenders of the first task, and where benchmarks keep their scratch files."""

from __future__ import annotations

import json
from pathlib import Path

from paragone.measure.sets import Contender
from paragone.task.data.load import load_data
from paragone.workers.spawn import WorkerSpec

EXAMPLES = Path(__file__).resolve().parents[1] / "examples" / "first_task"
FRAMEWORKS = {"keras": "tensorflow", "torch": "torch", "jax": "jax"}
TRACKS = ("idiomatic", "tuned")
FLAT = json.dumps({"name": "flat", "inputs": "flat", "target": "as given"})


def contender(side: str, track: str, folder: Path, name: str = "") -> Contender:
    """A side of `examples/first_task`, with the digits in `folder`."""
    data = folder / "data.safetensors"
    if not data.exists():
        load_data("digits", seed=0).save(data)
    file = EXAMPLES / f"{side}_side.py"
    spec = WorkerSpec(name or side, FRAMEWORKS[side], str(file), data=str(data), view=FLAT)
    return Contender(name or side, track, spec)
