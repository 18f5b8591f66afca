"""One proof of two files, as `paragone prove A B --no-worth --dtype float64 --steps 10`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paragone.errors import ParagoneError
from paragone.job import code_digest
from paragone.options import CompareOptions
from paragone.prove.conduct import conduct
from paragone.prove.laboratory import Experiment, Laboratory
from paragone.records import Pair
from paragone.sides.scan import scan_sides
from paragone.task.data.load import load_data
from paragone.trials import Trial, Trials
from paragone.workers.spawn import WorkerSpec

STEPS = 10


@dataclass(frozen=True)
class Asked:
    """What is proven.

    Args:
        files: of the first and of the second side.
        data: its source.
        batch_size: samples a step.
        seed: of the data's split, the starting weights and the order of batches.
        dtype: the precision that decides.
        rungs: which are climbed; empty means all.
    """

    files: tuple[Path, Path]
    data: str
    batch_size: int = 32
    seed: int = 0
    dtype: str = "float64"
    rungs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proved:
    """What came of it: the pair's record or why there is none, and the traces as written."""

    pair: Pair | None
    failure: str
    traces: tuple[Trial, ...]
    lines: tuple[dict[int, str], ...]


class TracingLaboratory(Laboratory):
    """A laboratory that keeps in `traces` what the sides gave as they are written."""

    def __init__(self, *given: Any):
        super().__init__(*given)
        self.traces: dict[tuple[str, str], Trial] = {}

    def _run(self, experiment: Experiment, key: Mapping[str, Any]) -> Trial:
        trial = super()._run(experiment, key)
        if experiment.op == "trace" and not experiment.arguments.get("layers"):
            self.traces.setdefault((experiment.side, experiment.dtype), trial)
        return trial


def prove(asked: Asked, folder: Path) -> Proved:
    """A proof; finished experiments on the same files are found again in the folder."""
    names = tuple(str(file) for file in asked.files)
    sides = scan_sides(names)
    folder.mkdir(parents=True, exist_ok=True)
    data = folder / f"data-{asked.seed}.safetensors"
    loaded = load_data(asked.data, seed=asked.seed)
    if not data.exists():
        loaded.save(data)
    specs = {
        side.name: WorkerSpec(
            side.name, side.framework, str(side.path.resolve()), data=str(data.resolve()), threads=1,
            batch_size=asked.batch_size, seed=asked.seed, scheduler_step="batch",
        )
        for side in sides
    }  # fmt: skip
    identity = {
        side.name: {
            "code": code_digest(), "sha256": side.sha256, "framework": side.framework,
            "data": loaded.record.sha256, "batch_size": asked.batch_size, "name": side.name,
        }
        for side in sides
    }  # fmt: skip
    options = CompareOptions(
        names, data=asked.data, steps=STEPS, dtype=asked.dtype, worth=False, seed=asked.seed,
        batch_size=asked.batch_size, scheduler_step="batch", rungs=asked.rungs,
    )  # fmt: skip
    with TracingLaboratory(specs, identity, Trials(folder), folder) as lab:
        try:
            done = conduct(lab, sides, options)
            pair = done.proof.pairs[0] if done.proof.pairs else None
            failure = "; ".join(f"{name}: {error}" for name, error in done.failures.items())
            lines = tuple(
                {int(row["line"]): str(row["name"]) for row in subject.said["layers"]}
                for subject in done.inspected.subjects
            )
        except ParagoneError as error:
            pair, failure, lines = None, str(error), ()
        traces = tuple(trial for name in specs for key, trial in lab.traces.items() if key[0] == name)
    return Proved(pair, failure, traces, lines)
