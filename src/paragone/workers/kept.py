"""The orchestrator's side of the keeper: it stands beside us as long as there are workers."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from threading import RLock
from typing import Protocol, TypeVar

from paragone.workers.keeper import MARK, sweep

SOURCE = str(Path(__file__).resolve().parents[2])


class Process(Protocol):
    """What is needed of a worker's process."""

    @property
    def pid(self) -> int:
        """Its number, which is also that of its group."""

    @property
    def group(self) -> int | None:
        """The group that the keeper has to end; None where something else sees to it."""

    def poll(self) -> int | None:
        """Its exit code, a signal's as a negative number; None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """The same, waited for; raises `subprocess.TimeoutExpired`."""

    def kill(self) -> None:
        """End it and its group, and wait for that."""


P = TypeVar("P", bound=Process)


class Kept:
    """The workers of this process that are alive, each with its mark and its group, and the keeper that knows them."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._keeper: subprocess.Popen[bytes] | None = None
        self._run = ""
        self._count = 0
        self._marks: dict[Process, str] = {}

    def begin(self, spawn: Callable[[dict[str, str]], P]) -> P:
        """Start a process with these additions to its environment, and tell the keeper."""
        with self._lock:
            if self._keeper is None or self._run != self._name():
                self._run = self._name()
                self._keeper = self._started()
            self._count += 1
            mark = f"{self._run}{self._count:08d}-"  # all of one length: one may take the place of another
            try:
                process = spawn({MARK: mark})
            except BaseException:
                self._rest()
                raise
            self._marks[process] = mark
            self._tell("+", process)
            return process

    def end(self, process: Process) -> None:
        """Kill a process and all that it started."""
        with self._lock:
            mark = self._marks.pop(process, None)
            if mark is None:
                return
            process.kill()
            sweep(mark)
            self._tell("-", process)
            self._rest()

    def _name(self) -> str:
        """This process, also after a fork, and whoever has its number later."""
        return f"{os.getpid()}-{_UNIQUE}-"

    def _started(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-S", "-P", "-m", "paragone.workers.keeper", self._run],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={"PYTHONPATH": SOURCE, "PYTHONDONTWRITEBYTECODE": "1"},
        )

    def _tell(self, change: str, process: Process) -> None:
        """A keeper that somebody killed is no reason to stop."""
        if process.group is not None and self._keeper is not None and self._keeper.stdin is not None:
            with contextlib.suppress(OSError):
                self._keeper.stdin.write(f"{change}{process.group}\n".encode())
                self._keeper.stdin.flush()

    def _rest(self) -> None:
        """Without workers there is nothing to keep."""
        if self._keeper is not None and not self._marks:
            with contextlib.suppress(OSError):
                self._keeper.communicate()
            self._keeper = None


_UNIQUE = uuid.uuid4().hex
KEPT = Kept()
