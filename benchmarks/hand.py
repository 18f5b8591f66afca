"""A loop written by hand as a process that the measure stage can time: the same questions, none of our worker in it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from paragone.errors import WorkerFailure

SCRIPTS = Path(__file__).resolve().parent / "by_hand"


class HandProcess:
    """A script of `by_hand/`: takes a number of steps a line, answers with their seconds."""

    def __init__(self, script: str, log: Path):
        self._spawned = time.perf_counter()
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as stream:
            self._process = subprocess.Popen(
                [sys.executable, script],
                cwd=SCRIPTS,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stream,
                text=True,
                start_new_session=True,
                env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "2", "KERAS_BACKEND": "tensorflow"},
            )
        self._steady_s = self._started_s = 0.0

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def call(self, op: str, timeout_s: float = 0.0, **arguments: Any) -> dict[str, Any]:  # noqa: ARG002 (a script is trusted)
        """The three operations of timing."""
        os.killpg(self._process.pid, signal.SIGCONT)
        if op == "time_start":
            return self._start()
        if op == "time_steps":
            return {"elapsed_s": self._ask(int(arguments["n"]))}
        accounted_s = self._started_s + self._steady_s
        wall_s = time.perf_counter() - self._spawned
        return {"peak_bytes": self._peak_bytes(), "wall_s": wall_s, "accounted_s": accounted_s, "steps": 0}

    def pause(self) -> None:
        """Stop the process."""
        os.killpg(self._process.pid, signal.SIGSTOP)

    def close(self) -> None:
        """Kill the process."""
        if self._process.returncode is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.communicate()

    def _start(self) -> dict[str, Any]:
        first, second = self._ask(1), self._ask(1)
        self._started_s, self._steady_s = time.perf_counter() - self._spawned - second, second
        phases = {
            "start": 0.0,
            "import": self._started_s - first - second,
            "build": 0.0,
            "compile": max(0.0, first - second),
            "first_step": min(first, second),
        }
        return {"phases_s": phases, "second_step_s": second, "memory_bytes": {"after_import": 0, "after_build": 0}}

    def _ask(self, n: int) -> float:
        assert self._process.stdin and self._process.stdout
        try:
            self._process.stdin.write(f"{n}\n")
            self._process.stdin.flush()
            elapsed_s = float(self._process.stdout.readline())
        except (OSError, ValueError) as error:
            raise WorkerFailure(f"the loop written by hand failed: {error}") from error
        self._steady_s += elapsed_s
        return elapsed_s

    def _peak_bytes(self) -> int:
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))
