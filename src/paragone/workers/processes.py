"""Processes of workers, seen from the orchestrator: one that was started, or one that a fork server made."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from threading import Lock, RLock
from typing import IO

from paragone.workers.keeper import kill_group
from paragone.workers.kept import KEPT, Process

MAX_SERVERS = 6
"""More environments than a proof has; beyond them the one that was asked least recently is ended."""
_Key = tuple[int, str, tuple[str, ...], tuple[tuple[str, str], ...]]
_PATIENCE_S = 2.0
"""A fork server that has made a worker does nothing but wait: it answers at once."""
_KILLED = -int(signal.SIGKILL)


class Started:
    """A process that was started with a command.

    Args:
        process: as `subprocess` gives it, the first of a group of its own.
    """

    def __init__(self, process: subprocess.Popen[bytes]):
        self._process = process
        self.pid = process.pid
        self.group = process.pid
        self.poll = process.poll
        self.wait = process.wait

    def kill(self) -> None:
        """End it and its group, and wait for that."""
        kill_group(self.pid)
        self._process.wait()


class Forked:
    """A worker that a fork server makes: it has a number as soon as the framework is imported.

    Args:
        status: on which the server tells its number and its exit code.
    """

    group = None

    def __init__(self, status: socket.socket):
        self._status = status
        self._lock = Lock()
        self._said: dict[str, int] = {}

    @property
    def pid(self) -> int:
        """Its number; -1 where the server ended before it made one."""
        while "pid" not in self._said and self._listen(None):
            pass
        return self._said.get("pid", -1)

    @property
    def made(self) -> bool:
        """Whether it has a number by now."""
        self.poll()
        return "pid" in self._said

    def poll(self) -> int | None:
        """Its exit code; None while it runs or is still to be made."""
        while "code" not in self._said and self._listen(0.0):
            pass
        return self._said.get("code")

    def wait(self, timeout: float | None = None) -> int:
        """The same, waited for; raises `subprocess.TimeoutExpired`."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            left = None if deadline is None else deadline - time.monotonic()
            if (left is not None and left <= 0) or not self._listen(left):
                raise subprocess.TimeoutExpired("worker", timeout or 0.0)
        return code

    def kill(self) -> None:
        """End it and its group, and wait for that; one that is still to be made ends when it is."""
        self.poll()
        if (pid := self._said.get("pid")) is not None:
            kill_group(pid)
            self.wait()
        with contextlib.suppress(OSError):
            self._status.shutdown(socket.SHUT_RDWR)  # wakes who waits for it
        self._status.close()

    def _listen(self, timeout_s: float | None) -> bool:
        """Take the next thing that the server says; False where it says nothing in time."""
        with self._lock:
            if "code" in self._said:
                return False
            try:
                if not select.select([self._status], [], [], timeout_s)[0]:
                    return False
                packet = self._status.recv(256)
            except (OSError, ValueError):  # closed
                packet = b""
            self._said |= json.loads(packet) if packet else {"code": _KILLED}
            return True


class Server:
    """A fork server for one framework in one environment.

    Args:
        framework: whose adapter it imports.
        preload: modules that it imports before.
        environment: of the server and of all its workers.
        log: takes what is printed while it imports.
    """

    def __init__(self, framework: str, preload: tuple[str, ...], environment: dict[str, str], log: IO[bytes]):
        self._forked: list[Forked] = []
        self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = (sys.executable, "-P", "-m", "paragone.workers.forkserver", str(theirs.fileno()), framework, *preload)

        def spawn(mark: dict[str, str]) -> Started:
            return Started(
                subprocess.Popen(
                    command,
                    pass_fds=(theirs.fileno(),),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    env=environment | mark,
                )
            )

        with theirs:
            self._process = KEPT.begin(spawn)

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    @property
    def busy(self) -> bool:
        """Whether a worker of it is alive."""
        self._forked = [forked for forked in self._forked if forked.poll() is None]
        return bool(self._forked)

    def fork(self, mark: str, line: int, log: int) -> Forked:
        """Ask for a worker, without waiting for it."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        request = json.dumps({"mark": mark, "cwd": str(Path.cwd())}).encode()
        with theirs:
            socket.send_fds(self._requests, [request], [line, log, theirs.fileno()])
        self._forked.append(Forked(ours))
        return self._forked[-1]

    def close(self) -> None:
        """End it and all its workers, which it waits for, so that nothing of them is left."""
        self._requests.close()
        if any(forked.made for forked in self._forked):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_PATIENCE_S)
        KEPT.end(self._process)


class Servers:
    """The fork servers of this process, each for a framework and an environment."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._known: dict[_Key, Server] = {}

    def fork(
        self, framework: str, preload: tuple[str, ...], environment: dict[str, str], line: int, log: IO[bytes]
    ) -> Process:
        """A worker in this environment; returns before the framework is imported.

        Args:
            framework: whose adapter it needs.
            preload: modules to import before.
            environment: in which it runs.
            line: the worker's end of its line.
            log: takes its standard output and error.

        Raises:
            OSError: the server cannot be started or asked.
        """
        key = (os.getpid(), framework, preload, tuple(sorted(environment.items())))
        with self._lock:
            server = self._known.pop(key, None)
            if server is not None and not server.alive:
                server.close()
                server = None
            if server is None:
                self._make_room()
                server = Server(framework, preload, environment, log)
            self._known[key] = server
        return KEPT.begin(lambda mark: server.fork(next(iter(mark.values())), line, log.fileno()))

    def _make_room(self) -> None:
        idle = [key for key, server in self._known.items() if not server.busy]
        for key in idle[: max(0, len(self._known) + 1 - MAX_SERVERS)]:
            self._known.pop(key).close()

    def close(self) -> None:
        """End all that this process started."""
        with self._lock:
            for key in [key for key in self._known if key[0] == os.getpid()]:
                self._known.pop(key).close()


SERVERS = Servers()
atexit.register(SERVERS.close)
