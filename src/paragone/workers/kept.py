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

from paragone.workers.keeper import MARK, kill_group, sweep

SOURCE = str(Path(__file__).resolve().parents[2])


class Kept:
    """The workers of this process that are alive, each with its mark and its group, and the keeper that knows them."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._keeper: subprocess.Popen[bytes] | None = None
        self._run = ""
        self._count = 0
        self._marks: dict[int, str] = {}

    def begin(self, spawn: Callable[[dict[str, str]], subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
        """Start a process with these additions to its environment, and tell the keeper."""
        with self._lock:
            if self._keeper is None or self._run != self._name():
                self._run = self._name()
                self._keeper = self._started()
            self._count += 1
            mark = f"{self._run}{self._count}-"
            try:
                process = spawn({MARK: mark})
            except BaseException:
                self._rest()
                raise
            self._marks[process.pid] = mark
            self._tell(f"+{process.pid}")
            return process

    def end(self, process: subprocess.Popen[bytes]) -> None:
        """Kill a process and all that it started."""
        with self._lock:
            mark = self._marks.pop(process.pid, None)
            if mark is None:
                return
            kill_group(process.pid)
            process.wait()
            sweep(mark)
            self._tell(f"-{process.pid}")
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

    def _tell(self, line: str) -> None:
        """A keeper that somebody killed is no reason to stop."""
        if self._keeper is not None and self._keeper.stdin is not None:
            with contextlib.suppress(OSError):
                self._keeper.stdin.write(f"{line}\n".encode())
                self._keeper.stdin.flush()

    def _rest(self) -> None:
        """Without workers there is nothing to keep."""
        if self._keeper is not None and not self._marks:
            with contextlib.suppress(OSError):
                self._keeper.communicate()
            self._keeper = None


_UNIQUE = uuid.uuid4().hex
KEPT = Kept()
