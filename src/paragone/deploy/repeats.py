"""How long artifacts take: more than one process for each, in a random order.

The process is the unit of repetition, as in all of our timing. In each round every artifact that its runtime computed
gets a process of its own, in an order that is drawn anew, so that a noisy minute falls on no side alone. One process
runs at a time. Nothing else is measured in these processes, and nothing else is asked of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import geometric_mean
from typing import Any

import numpy as np

from paragone.deploy.environments import Environment, environment_of
from paragone.deploy.runtime import timed
from paragone.deploy.target import Target
from paragone.errors import shareable
from paragone.progress import Progress
from paragone.records import Artifact, ArtifactProcess, Latency
from paragone.trials import Trials


@dataclass(frozen=True)
class Repeats:
    """What is wanted.

    Args:
        processes: for each artifact.
        seed: of their order.
    """

    processes: int
    seed: int


def with_times(
    artifacts: Sequence[Artifact],
    targets: Sequence[Target],
    wanted: Repeats,
    folder: Path,
    trials: Trials,
    progress: Progress,
) -> list[Artifact]:
    """Artifacts with cold start, memory, latency and throughput of several processes each.

    Args:
        artifacts: of all sides; those whose runtime computed nothing stay as they are.
        targets: that were asked for.
        wanted: how many processes.
        folder: the run's.
        trials: where finished processes are kept.
        progress: where the stage reports to.
    """
    clock = _Clock({one.name: one for one in targets}, folder, trials, progress)
    cells = [one for one in artifacts if one.ran]
    progress.stage("timing", len(cells) * wanted.processes)
    dice = np.random.default_rng(wanted.seed)
    found: dict[tuple[str, str], list[ArtifactProcess]] = {(one.side, one.target): [] for one in cells}
    for number in range(wanted.processes):
        for place in dice.permutation(len(cells)):
            cell = cells[place]
            progress.advance(0, f"{cell.side}: {cell.title}, process {number + 1} of {wanted.processes}")
            found[cell.side, cell.target].append(clock.recalled_or_timed(cell, number))
            progress.advance(1)
    return [_taken(one, found[one.side, one.target]) if one.ran else one for one in artifacts]


@dataclass(frozen=True)
class _Clock:
    """Times one process after the other."""

    targets: Mapping[str, Target]
    folder: Path
    trials: Trials
    progress: Progress
    environments: dict[str, Environment] = field(default_factory=dict)

    def recalled_or_timed(self, cell: Artifact, number: int) -> ArtifactProcess:
        key = {
            **{"side": cell.side, "target": cell.target, "process": number, "artifact": cell.sha256},
            **{"how": self.targets[cell.target].identity, "packages": cell.packages},
        }
        raw = self.folder / cell.folder / f"{cell.target}-{number + 1}.json"
        recalled = self.trials.recall("serving", key)
        if recalled is not None and raw.exists():
            return ArtifactProcess(**recalled.result)
        self.progress.still(True)
        try:
            said = self._timed(cell)
        finally:
            self.progress.still(False)
        raw.write_text(json.dumps(said), encoding="utf-8")
        took = _process(said)
        self.trials.keep("serving", key, took.model_dump(mode="json"))
        return took

    def _timed(self, cell: Artifact) -> dict[str, Any]:
        place = (self.folder / cell.folder).resolve()
        scratch = (self.folder / "exchange" / "timing").resolve()
        log = (self.folder / cell.log).resolve()
        return timed(self._environment(cell.target), place / cell.script, place, scratch, log)

    def _environment(self, name: str) -> Environment:
        if name not in self.environments:
            self.environments[name] = environment_of(self.targets[name], install=False, say=self.progress.say)
        return self.environments[name]


def _process(said: Mapping[str, Any]) -> ArtifactProcess:
    """The figures of what a process said."""
    return ArtifactProcess(
        cold_start_s=said.get("cold_start_s"),
        peak_memory_bytes=said.get("peak_memory_bytes"),
        latency_s=_latency(said.get("latency_s", [])),
        throughput_per_s=said.get("throughput_per_s"),
        why=shareable(str(said.get("why") or said.get("untimed", ""))),
    )


def _latency(samples: Sequence[float]) -> Latency | None:
    if not samples:
        return None
    p50, p99 = np.percentile(samples, [50, 99])
    return Latency(p50=float(p50), p99=float(p99), n=len(samples))


def _taken(cell: Artifact, processes: Sequence[ArtifactProcess]) -> Artifact:
    """An artifact with what its processes took, all together."""
    requests = [one.latency_s for one in processes if one.latency_s is not None]
    updates: dict[str, Any] = {
        "processes": tuple(processes),
        "cold_start_s": _mean([one.cold_start_s for one in processes if one.cold_start_s]),
        "peak_memory_bytes": max((one.peak_memory_bytes for one in processes if one.peak_memory_bytes), default=None),
        "throughput_per_s": _mean([one.throughput_per_s for one in processes if one.throughput_per_s]),
        "throughput_batch": max((case.rows for case in cell.cases), default=None),
        "why": cell.why or next((one.why for one in processes if one.why), ""),
    }
    if requests:
        p50, p99 = (_mean(of) or 0.0 for of in ([one.p50 for one in requests], [one.p99 for one in requests]))
        updates["latency_s"] = Latency(p50=p50, p99=p99, n=sum(one.n for one in requests))
    return cell.model_copy(update=updates)


def _mean(values: Sequence[float]) -> float | None:
    """Geometric; None of nothing."""
    return values[0] if len(values) == 1 else geometric_mean(values) if values else None
