"""Runs the proof's experiments: each in the worker of its side and precision, each a trial that is kept.

Workers start when they are first needed, so that a run that is resumed starts none for what is finished. Two work at
a time (one for each core, at most four).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import Any

import numpy as np
from safetensors.numpy import load_file, save_file

from paragone.errors import ParagoneError
from paragone.trials import Trial, Trials, digest
from paragone.workers.spawn import Worker, WorkerSpec

Array = np.ndarray[Any, Any]
Weights = dict[str, Array]
Traits = Sequence[Mapping[str, Any]]

TIMEOUT_S = 1800.0
OPENING_S = 300.0


@dataclass(frozen=True)
class Experiment:
    """One operation on one side.

    Args:
        side: name of the side.
        dtype: precision.
        op: operation of the worker.
        arguments: plain arguments that decide the result.
        start: weights to start from, if the operation takes any, given to it as `start` or `starts`.
        start_name: that argument's name.
        out: True when the operation writes arrays.
        note: what the progress line says.
    """

    side: str
    dtype: str
    op: str
    arguments: Mapping[str, Any]
    start: Weights | None = None
    start_name: str = "start"
    out: bool = False
    note: str = ""


class Laboratory:
    """The workers and trials of a proof; a context manager that leaves no worker behind.

    Args:
        specs: the workers' specifications by side, without precision.
        identity: what a side's result depends on besides the experiment (its bytes, versions, data), by side.
        trials: where finished experiments are kept.
        folder: the run's folder, for logs and for arrays on their way.
    """

    def __init__(
        self,
        specs: Mapping[str, WorkerSpec],
        identity: Mapping[str, Mapping[str, Any]],
        trials: Trials,
        folder: Path,
        advance: Callable[[str], None] = lambda _note: None,
    ):
        self._specs = dict(specs)
        self._identity = identity
        self._trials = trials
        self._folder = folder
        self._advance = advance
        self._workers: dict[tuple[str, str], Worker] = {}
        self._locks: dict[tuple[str, str], Lock] = {}
        self._futures: dict[str, Future[Trial]] = {}
        self._guard = Lock()
        self._closed = False
        self._pool = ThreadPoolExecutor(max_workers=max(1, len(self._specs) * 2))
        self._cores = BoundedSemaphore(max(1, min(4, len(os.sched_getaffinity(0)))))
        (folder / "exchange").mkdir(parents=True, exist_ok=True)

    def submit(self, experiment: Experiment) -> Future[Trial]:
        """Start an experiment, or find it finished; the same one is never run twice."""
        key = self._key(experiment)
        name = digest([experiment.op, key])
        with self._guard:
            if name not in self._futures:
                self._futures[name] = self._pool.submit(self._run, experiment, key)
            return self._futures[name]

    def all(self, experiments: Mapping[Any, Experiment]) -> dict[Any, Trial | ParagoneError]:
        """Run experiments side by side; a failure stands in the place of its result."""
        futures = {key: self.submit(experiment) for key, experiment in experiments.items()}
        results: dict[Any, Trial | ParagoneError] = {}
        for key, future in futures.items():
            try:
                results[key] = future.result()
            except ParagoneError as error:
                results[key] = error
        return results

    def give_view(self, side: str, view: str) -> None:
        """From now on the workers of a side know how it wants its data."""
        self._specs[side] = replace(self._specs[side], view=view)

    def _key(self, experiment: Experiment) -> dict[str, Any]:
        """What the result of an experiment depends on."""
        return {
            "side": self._identity[experiment.side],
            "dtype": experiment.dtype,
            "op": experiment.op,
            "arguments": dict(experiment.arguments),
            "start": weights_digest(experiment.start),
        }

    def _run(self, experiment: Experiment, key: Mapping[str, Any]) -> Trial:
        trial = self._trials.recall(experiment.op, key)
        if trial is None:
            trial = self._work(experiment, key)
        self._advance(experiment.note)
        return trial

    def _work(self, experiment: Experiment, key: Mapping[str, Any]) -> Trial:
        stem = self._folder / "exchange" / digest(key)[:20]
        arguments = dict(experiment.arguments)
        given, written = stem.with_suffix(".in"), stem.with_suffix(".out")
        try:
            if experiment.start is not None:
                save_file(experiment.start, given)
                arguments[experiment.start_name] = str(given)
            if experiment.out:
                arguments["out"] = str(written)
            with self._lock(experiment), self._cores:
                worker = self._worker(experiment.side, experiment.dtype)
                timeout_s = OPENING_S if experiment.op == "describe" else TIMEOUT_S
                result = worker.call(experiment.op, timeout_s=timeout_s, **arguments)
            arrays = load_file(written) if experiment.out else None
            return self._trials.keep(experiment.op, key, result, arrays)
        finally:
            given.unlink(missing_ok=True)
            written.unlink(missing_ok=True)

    def _lock(self, experiment: Experiment) -> Lock:
        with self._guard:
            return self._locks.setdefault((experiment.side, experiment.dtype), Lock())

    def _worker(self, side: str, dtype: str) -> Worker:
        with self._guard:
            if self._closed:
                raise ParagoneError("the run was interrupted")
            worker = self._workers.get((side, dtype))
            if worker is None or not worker.alive:
                spec = replace(self._specs[side], dtype=dtype)
                name = f"logs/{_safe(side)}-{dtype}.log"
                worker = Worker(spec, self._folder / name, name)
                self._workers[side, dtype] = worker
            return worker

    def __enter__(self) -> Laboratory:
        return self

    def __exit__(self, *_: object) -> None:
        with self._guard:
            self._closed = True
            for worker in self._workers.values():
                worker.close()
        self._pool.shutdown(wait=True, cancel_futures=True)


def weights_digest(weights: Weights | None) -> str:
    """SHA-256 over names, dtypes, shapes and bytes of weights; empty for none."""
    if weights is None:
        return ""
    digester = hashlib.sha256()
    for name in sorted(weights):
        array = np.ascontiguousarray(weights[name])
        digester.update(f"{name}|{array.dtype}|{array.shape}|".encode())
        digester.update(array.tobytes())
    return digester.hexdigest()


def _safe(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in name)
