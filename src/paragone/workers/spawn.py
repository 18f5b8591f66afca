"""A worker process, seen from the orchestrator."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from paragone.errors import InputError, NoModelError, SideError, WorkerFailure, WorkerHungError, shareable
from paragone.measure.precision import FLOAT32
from paragone.workers.channel import Channel, ChannelClosedError, ChannelTimeoutError, Message
from paragone.workers.kept import KEPT, SOURCE, Process
from paragone.workers.processes import SERVERS, Started

CALL_TIMEOUT_S = 300.0
GUEST = str(Path(__file__).with_name("guest.py"))

_LIVE: set[Worker] = set()
_INPUT_ERRORS = {kind.__name__: kind for kind in (InputError, SideError, NoModelError)}
_SIGNAL_WORDS: dict[int, str] = {
    signal.SIGKILL: "killed by the system (most often: out of memory)",
    signal.SIGSEGV: "crashed (segmentation fault)",
    signal.SIGABRT: "aborted",
    signal.SIGTERM: "terminated",
}


@dataclass(frozen=True)
class WorkerSpec:
    """What a worker needs to know before it imports anything heavy. Plain data, sent as JSON.

    Args:
        side: the side's name, for messages.
        framework: id of the framework whose adapter the worker loads.
        file: path of the side's file.
        selector: name inside the file (`file.py:NAME`), or empty.
        dtype: precision that the side is built in.
        data: path of the run's `data.safetensors`.
        batch_size: samples a step.
        seed: overrides the file's own seeding and orders the batches.
        threads: CPU threads of the framework; 0 leaves the framework's default.
        preload: modules to import before the file runs (torch must come before TensorFlow in one process).
        scheduler_step: what a torch scheduler is stepped by.
        weight_map: where the weights are (a `WeightMap` as JSON), for a side that we wrote.
        view: how the data is given to the side, once known (`""` lets the worker find out).
        python: the interpreter to run in; empty means ours.
        compiled: folder where a framework may keep what it has compiled; empty for whoever times compiling.
        steps: of the proof's trajectory; 0 where this is no proof.
        backend: what computes underneath, where that is not the framework's own.
        precision: that the side is timed in: see `paragone.measure.precision`.
    """

    side: str
    framework: str
    file: str
    selector: str = ""
    dtype: str = "float32"
    data: str = ""
    batch_size: int = 32
    seed: int = 0
    threads: int = 0
    preload: tuple[str, ...] = ()
    scheduler_step: str = "epoch"
    view: str = ""
    weight_map: str = ""
    python: str = ""
    compiled: str = ""
    steps: int = 0
    precision: str = FLOAT32
    backend: str = ""


class Worker:
    """A live worker. Use as a context manager; leaving it kills the process and all its children.

    Args:
        spec: what to work on.
        log: file that takes the worker's standard output and error.
        log_name: how the log is called in messages (relative, without user or host).
        fresh: a process that imports its framework itself, for whoever measures starts and memory; otherwise it is
            forked from one that has.
    """

    def __init__(self, spec: WorkerSpec, log: Path, log_name: str = "", fresh: bool = False):
        self.spec = spec
        self.log_name = log_name or log.name
        self._stopped = False
        ours, theirs = socket.socketpair()
        log.parent.mkdir(parents=True, exist_ok=True)
        with ours, theirs, log.open("ab") as stream:
            self._process = self._begun(theirs.fileno(), stream, fresh)
            self._channel = Channel(socket.socket(fileno=ours.detach()))
        _LIVE.add(self)
        hello = {"parent_pid": os.getpid(), "spawned_ns": self.spawned_ns, "spec": asdict(spec)}
        with contextlib.suppress(ChannelClosedError):  # it is dead already: the first call says so
            self._channel.send(hello)

    def _begun(self, line: int, log: IO[bytes], fresh: bool) -> Process:
        spec, environment = self.spec, _environment(self.spec)
        self.spawned_ns = time.monotonic_ns()
        try:
            if fresh or spec.python:
                return KEPT.begin(lambda mark: self._spawned(line, log, environment | mark))
            return SERVERS.fork(spec.framework, spec.preload, environment, line, log)
        except OSError as error:
            raise self._failure(f"its process could not be started: {error.strerror or error}") from error

    def _spawned(self, line: int, log: IO[bytes], environment: dict[str, str]) -> Started:
        """The process; `-P` because a module in the user's folder must not stand for one of Python's own."""
        command = [sys.executable, "-P", "-m", "paragone.workers.child", str(line)]
        if self.spec.python:
            command = [self.spec.python, "-P", GUEST, str(line)]
        self.spawned_ns = time.monotonic_ns()  # the keeper is there by now: its start is not the worker's
        return Started(
            subprocess.Popen(
                command,
                pass_fds=(line,),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env=environment,
            )
        )

    @property
    def pid(self) -> int:
        """Process id of the worker."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process is still there."""
        return self in _LIVE and self._process.poll() is None

    def call(self, op: str, timeout_s: float | None = None, **arguments: Any) -> Message:
        """Ask for one operation and wait for its result.

        Raises:
            InputError: the worker found that the user's input is at fault.
            WorkerFailure: the worker raised, died, hung or sent rubbish; it is dead afterwards unless it raised.
        """
        timeout_s = CALL_TIMEOUT_S if timeout_s is None else timeout_s
        self.resume()
        try:
            self._channel.send({"op": op, "arguments": arguments})
            answer = self._channel.receive(timeout_s)
        except ChannelTimeoutError:
            self.close()
            raise self._failure(
                f"no answer to '{op}' within {timeout_s:.0f} s; it was killed", WorkerHungError
            ) from None
        except (ChannelClosedError, ValueError):
            raise self._failure(self._how_it_died(op)) from None
        return self._unwrap(answer)

    def _unwrap(self, answer: Message) -> Message:
        if "input_error" in answer:
            kind = _INPUT_ERRORS.get(str(answer.get("kind")), InputError)
            fields = {key: shareable(str(value)) for key, value in dict(answer["input_error"]).items()}
            raise kind(fields.pop("what"), **fields)
        if "failure" in answer:
            raise self._failure(str(answer["failure"]))
        return dict(answer.get("result") or {})

    def pause(self) -> None:
        """Stop the worker and its children (SIGSTOP), so that they use no processor."""
        if not self._stopped:
            self._signal(signal.SIGSTOP)
            self._stopped = True

    def resume(self) -> None:
        """Let the worker go on (SIGCONT)."""
        if self._stopped:
            self._signal(signal.SIGCONT)
            self._stopped = False

    def close(self) -> None:
        """Kill the worker and everything it started."""
        KEPT.end(self._process)
        self._channel.close()
        _LIVE.discard(self)

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)

    def _how_it_died(self, op: str) -> str:
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return f"it closed its line during '{op}'"
        finally:
            self.close()
        if code < 0:
            return f"{_SIGNAL_WORDS.get(-code, f'killed by {signal.strsignal(-code)}')} during '{op}'"
        return f"the process exited with code {code} during '{op}'"

    def _failure(self, reason: str, kind: type[WorkerFailure] = WorkerFailure) -> WorkerFailure:
        return kind(shareable(f"{self.spec.side}: {reason}"), self.log_name)

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def close_all() -> None:
    """Kill every worker that is alive, and what forks them; for signal handlers and for the end of the program."""
    for worker in tuple(_LIVE):
        worker.close()
    SERVERS.close()


def _environment(spec: WorkerSpec) -> dict[str, str]:
    """The worker's environment: ours, quiet, without network habits, and with the given threads."""
    environment = dict(os.environ)
    environment.pop("PYTEST_CURRENT_TEST", None)  # it changes with every test, and with it what could be shared
    earlier = environment.get("PYTHONPATH", "")
    if not spec.python:
        environment["PYTHONPATH"] = SOURCE + (os.pathsep + earlier if earlier else "")
    environment |= {
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "KERAS_BACKEND": spec.backend or "tensorflow",
        "MPLBACKEND": "Agg",
    }
    if spec.threads:
        # NPROC is how many threads XLA's pools have on a CPU: DefaultThreadPoolSize in jaxlib
        environment |= dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "NPROC"), str(spec.threads))
        environment["TF_NUM_INTRAOP_THREADS"] = environment["TF_NUM_INTEROP_THREADS"] = str(spec.threads)
    if spec.threads == 1:
        flags = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
        environment["XLA_FLAGS"] = f"{environment.get('XLA_FLAGS', '')} {flags}".strip()
    return environment
