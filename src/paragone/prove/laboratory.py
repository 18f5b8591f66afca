"""Runs the proof's experiments: each in the worker of its side and precision, each a trial that is kept.

Workers start when they are first needed, so that a run that is resumed starts none for what is finished. Two work at
a time (one for each core, at most four).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from threading import BoundedSemaphore, Lock, RLock
from typing import Any

import numpy as np
from safetensors.numpy import save_file

from paragone.errors import ParagoneError, WorkerHungError
from paragone.mapped import mapped
from paragone.prove.tolerances import BUILDS
from paragone.trials import Trial, Trials, digest
from paragone.workers.spawn import Worker, WorkerSpec

Array = np.ndarray[Any, Any]
Weights = dict[str, Array]
Traits = Sequence[Mapping[str, Any]]

PATIENCE_S = 300.0
"""What an experiment may take besides its steps; a side that takes longer hangs."""
_SLACK = 50.0
"""How many times longer than foreseen its steps may take."""
_CLIMB_S = 60.0
"""How long it may take to climb the ladder once, where that is not known."""
_SLOWER = 10.0
"""How many times longer than its longest answer so far any other may take: a model of hundreds of layers takes long to
describe, and longer to train."""
_REMEMBERED = 4
"""Starting weights whose digest is remembered."""


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
        kept: False for one that leaves files beside its result: it is run anew in every run.
    """

    side: str
    dtype: str
    op: str
    arguments: Mapping[str, Any]
    start: Weights | None = None
    start_name: str = "start"
    out: bool = False
    note: str = ""
    kept: bool = True


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
        self._identity = dict(identity)
        self._trials = trials
        self._folder = folder
        self._advance = advance
        self._workers: dict[tuple[str, str], Worker] = {}
        self._locks: dict[tuple[str, str], Lock] = {}
        self._futures: dict[str, Future[Trial]] = {}
        self._step_s: dict[str, float] = {}
        self._climb_s: dict[str, float] = {}
        self._answer_s: dict[str, float] = {}
        self._hung: dict[str, WorkerHungError] = {}
        self._guard = Lock()
        self._closed = False
        self._pool = ThreadPoolExecutor(max_workers=max(1, len(self._specs) * 2))
        self._cores = BoundedSemaphore(max(1, min(4, len(os.sched_getaffinity(0)))))
        self._exchange = folder.resolve() / "exchange"  # a side may change its working folder
        self._exchange.mkdir(parents=True, exist_ok=True)
        self._compiled = self._exchange / "compiled"
        self._starts = RLock()
        self._digests: list[tuple[Weights | None, str]] = []

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

    @property
    def folder(self) -> Path:
        """The run's folder."""
        return self._folder

    def inform(self, side: str, view: str, step_s: float) -> None:
        """From now on the workers of a side know how it wants its data, and we know how long a step of it takes."""
        self._specs[side] = replace(self._specs[side], view=view)
        self._step_s[side] = step_s

    def direct(self, side: str, op: str, dtype: str = "float64", **arguments: Any) -> dict[str, Any]:
        """Ask the worker of a side in a precision for an operation whose result is not kept."""
        experiment = Experiment(side, dtype, op, arguments)
        with self._lock(experiment), self._cores:
            return self._ask(experiment, arguments)

    def remembered(
        self, what: str, sides: Sequence[str], given: Mapping[str, Any], work: Callable[[], dict[str, Any]]
    ) -> dict[str, Any]:
        """The result of work on several sides, done once for what it depends on."""
        key = {"sides": [dict(self._identity[side]) for side in sides], "given": dict(given)}
        trial = self._trials.recall(what, key)
        return (trial or self._trials.keep(what, key, work())).result

    def adopt(self, side: str, weight_map: str) -> None:
        """From now on the weights of a side are where this map says, in all of its workers."""
        self._specs[side] = replace(self._specs[side], weight_map=weight_map)
        self._identity[side] = {**self._identity[side], "weight_map": digest(weight_map)}
        for (name, _), worker in tuple(self._workers.items()):
            if name == side and worker.alive:
                worker.call("map", weight_map=weight_map)

    def _key(self, experiment: Experiment) -> dict[str, Any]:
        """What the result of an experiment depends on."""
        return {
            "side": self._identity[experiment.side],
            "dtype": experiment.dtype,
            "op": experiment.op,
            "arguments": dict(experiment.arguments),
            "start": self._digest(experiment.start),
        }

    def _run(self, experiment: Experiment, key: Mapping[str, Any]) -> Trial:
        trial = self._trials.recall(experiment.op, key) if experiment.kept else None
        if trial is None:
            trial = self._work(experiment, key)
        self._advance(experiment.note)
        return trial

    def _work(self, experiment: Experiment, key: Mapping[str, Any]) -> Trial:
        arguments = dict(experiment.arguments)
        written = self._exchange / f"{digest(key)[:20]}.out"
        try:
            if experiment.start is not None:
                arguments[experiment.start_name] = str(self._saved_start(experiment.start))
            if experiment.out:
                arguments["out"] = str(written)
            with self._lock(experiment), self._cores:
                result = self._ask(experiment, arguments)
            if not experiment.kept:
                return Trial(result, mapped(written) if experiment.out else {})
            return self._trials.keep(experiment.op, key, result, written if experiment.out else None)
        finally:
            written.unlink(missing_ok=True)

    def _saved_start(self, start: Weights) -> Path:
        """The file of starting weights, written once for all experiments that begin with them."""
        path = self._exchange / f"{self._digest(start)[:20]}.in"
        with self._starts:
            if not path.exists():
                beside = path.with_suffix(".part")
                save_file(start, beside)
                beside.replace(path)
        return path

    def _digest(self, start: Weights | None) -> str:
        """The digest of starting weights; that of the last ones is remembered, as long as they are these objects."""
        with self._starts:
            known = next((name for weights, name in self._digests if weights is start), None)
            if known is None:
                known = weights_digest(start)
                self._digests = [*self._digests[1 - _REMEMBERED :], (start, known)]
            return known

    def _ask(self, experiment: Experiment, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """The worker's answer. A side that hung once would hang again: it is not asked any more."""
        if (hung := self._hung.get(experiment.side)) is not None:
            raise hung
        worker = self._worker(experiment.side, experiment.dtype)
        began = time.monotonic()
        try:
            answer = worker.call(experiment.op, timeout_s=self._timeout_s(experiment), **arguments)
            took_s = time.monotonic() - began
            self._answer_s[experiment.side] = max(self._answer_s.get(experiment.side, 0.0), took_s)
            if experiment.op == "trace":
                self._climb_s[experiment.side] = max(self._climb_s.get(experiment.side, 0.0), took_s)
            return answer
        except WorkerHungError as error:
            self._hung[experiment.side] = error
            raise

    def _timeout_s(self, experiment: Experiment) -> float:
        """A side that has given slow answers may give slow ones; a floor climbs the ladder many times."""
        runs, steps = experiment.arguments.get("runs"), int(experiment.arguments.get("steps", 0))
        climbs_s = int(runs or 0) * max(_CLIMB_S, 2 * self._climb_s.get(experiment.side, 0.0))
        slow_s = _SLOWER * self._answer_s.get(experiment.side, 0.0)
        return (
            PATIENCE_S
            + slow_s
            + climbs_s
            + _SLACK * int(runs or BUILDS) * steps * self._step_s.get(experiment.side, 0.0)
        )

    def _lock(self, experiment: Experiment) -> Lock:
        with self._guard:
            return self._locks.setdefault((experiment.side, experiment.dtype), Lock())

    def _worker(self, side: str, dtype: str) -> Worker:
        with self._guard:
            if self._closed:
                raise ParagoneError("the run was interrupted")
            worker = self._workers.get((side, dtype))
            if worker is None or not worker.alive:
                spec = replace(self._specs[side], dtype=dtype, compiled=str(self._compiled))
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
        for saved in self._exchange.glob("*.in"):
            saved.unlink(missing_ok=True)
        shutil.rmtree(self._compiled, ignore_errors=True)


def weights_digest(weights: Weights | None) -> str:
    """SHA-256 over names, dtypes, shapes and bytes of weights; empty for none."""
    if weights is None:
        return ""
    digester = hashlib.sha256()
    for name in sorted(weights):
        array = np.ascontiguousarray(weights[name])
        digester.update(f"{name}|{array.dtype}|{array.shape}|".encode())
        digester.update(array.reshape(-1).view(np.uint8).data)
    return digester.hexdigest()


def _safe(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in name)
