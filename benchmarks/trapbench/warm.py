"""Many proofs with few processes: a worker stays when its side is done with, and is given the next one.

A proof here is `paragone.prove.conduct.conduct`, as in `paragone prove`; only the laboratory's workers are others.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO, Any

from paragone.prove.laboratory import Experiment, Laboratory
from paragone.trials import Trial, Trials
from paragone.workers.channel import Message
from paragone.workers.kept import KEPT, SOURCE
from paragone.workers.spawn import Worker, WorkerSpec, _environment

ROOT = Path(__file__).parents[2]
QUICK_TO_COMPILE = "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true"
"""For XLA: these models are built many times and take a few steps."""
CACHE = {
    "JAX_COMPILATION_CACHE_DIR": "",
    "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
    "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
}
"""What JAX compiled once is found again, also by another process."""
SIDES = 40
"""After so many sides a worker is replaced: frameworks keep what they compiled."""
Key = tuple[str, str, int]


class WarmWorker(Worker):
    """A worker that takes one side after the other."""

    sides = 0

    def _spawned(self, line: int, log: IO[bytes]) -> subprocess.Popen[bytes]:
        log_folder = Path(log.name).resolve().parent
        command = [sys.executable, "-P", "-m", "benchmarks.trapbench.child", str(line)]
        environment = _environment(self.spec)
        environment["PYTHONPATH"] = os.pathsep.join([SOURCE, str(ROOT)])
        environment["XLA_FLAGS"] = f"{environment.get('XLA_FLAGS', '')} {QUICK_TO_COMPILE}".strip()
        environment |= {name: str(log_folder / "jax") if value == "" else value for name, value in CACHE.items()}
        self.spawned_ns = 0
        return KEPT.begin(
            lambda mark: subprocess.Popen(
                command, pass_fds=(line,), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                env=environment | mark,
            )
        )  # fmt: skip

    def begin(self, spec: WorkerSpec) -> None:
        """From now on this is about another side."""
        self.spec = spec
        self.sides += 1
        Worker.call(self, "begin", spec=asdict(spec))


class Seated:
    """A side in a warm worker, in the place of a `Worker` of its own."""

    def __init__(self, worker: WarmWorker, spec: WorkerSpec):
        self._worker = worker
        self._spec = spec
        worker.begin(spec)

    @property
    def alive(self) -> bool:
        """Whether the process is there, and still this side's."""
        return self._worker.alive and self._worker.spec is self._spec

    def call(self, op: str, timeout_s: float | None = None, **arguments: Any) -> Message:
        """One operation on the side."""
        return self._worker.call(op, timeout_s, **arguments)

    def close(self) -> None:
        """The process stays."""


class Pool:
    """The warm workers: one for each framework, precision and place among the sides of a framework.

    Args:
        folder: for logs.
    """

    def __init__(self, folder: Path):
        self._folder = folder
        self._workers: dict[Key, WarmWorker] = {}
        self._starter = ThreadPoolExecutor(max_workers=1)  # a worker ends with the thread that started it

    def seat(self, key: Key, spec: WorkerSpec) -> Seated:
        """A side in its worker."""
        worker = self._workers.get(key)
        if worker is not None and worker.alive and worker.sides >= SIDES:
            worker.close()
        if worker is None or not worker.alive:
            name = "-".join(map(str, key))
            log = self._folder / f"{name}.log"
            worker = self._workers[key] = self._starter.submit(WarmWorker, spec, log, log.name).result()
        return Seated(worker, spec)

    def cpu_s(self) -> float:
        """Processor seconds of all live workers."""
        return sum(_cpu_s(worker.pid) for worker in self._workers.values() if worker.alive)

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers.values():
            worker.close()
        self._starter.shutdown()


class WarmLaboratory(Laboratory):
    """A laboratory whose workers are of a pool; what the sides gave as they are written is kept in `traces`."""

    def __init__(
        self,
        pool: Pool,
        specs: Mapping[str, WorkerSpec],
        identity: Mapping[str, Mapping[str, Any]],
        trials: Trials,
        folder: Path,
    ):
        super().__init__(specs, identity, trials, folder)
        self._pool_of_workers = pool
        frameworks = [spec.framework for spec in specs.values()]
        self._slots = {name: frameworks[:i].count(frameworks[i]) for i, name in enumerate(specs)}
        self.traces: dict[tuple[str, str], Trial] = {}

    def _worker(self, side: str, dtype: str) -> Any:
        with self._guard:
            worker: Any = self._workers.get((side, dtype))
            if worker is None or not worker.alive:
                spec = replace(self._specs[side], dtype=dtype)
                worker = self._pool_of_workers.seat((spec.framework, dtype, self._slots[side]), spec)
                self._workers[side, dtype] = worker
            return worker

    def _run(self, experiment: Experiment, key: Mapping[str, Any]) -> Trial:
        trial = super()._run(experiment, key)
        if experiment.op == "trace" and not experiment.arguments.get("layers"):
            self.traces.setdefault((experiment.side, experiment.dtype), trial)
        return trial


def _cpu_s(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
