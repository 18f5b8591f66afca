"""Imports a framework once and forks a worker for each request, so that a worker need not import it again.

A framework takes seconds to import, a fork takes milliseconds. Nothing but the import has happened before the fork: no
operation of the framework has run, none of its threads exists, and no file of a user has been read, so that a forked
worker is what a fresh one is after its import.

Run as `python -P -m paragone.workers.forkserver FD FRAMEWORK MODULE...`: the modules are imported first. FD is a socket
of packets; each packet is a request (`mark` and `cwd` as JSON) with three files: the worker's line, its log, and a line
on which its number and, when it has ended, its exit code are told. A worker is killed when that line or this process
ends. The way of naming a signal by a negative code is that of `subprocess`.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import gc
import json
import os
import selectors
import signal
import socket
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from paragone.workers.keeper import MARK, kill_group

MAX_REQUEST_BYTES = 2**16
RECOGNISING = (
    *("paragone.layers", "paragone.activations", "paragone.recognised"),
    *("paragone.optimizers", "paragone.meaning.forms"),
)
"""Folders of which every file is imported where a side is described."""


@dataclass(frozen=True)
class Request:
    """What a worker is to be forked with.

    Args:
        mark: by which its children are known (see `paragone.workers.keeper`).
        cwd: its working folder.
        line: its end of the line to the orchestrator.
        log: takes its standard output and error.
        status: takes its number and its exit code.
    """

    mark: str
    cwd: str
    line: int
    log: int
    status: socket.socket


class ForkServer:
    """The loop that forks, tells of ends, and kills what nobody holds any more.

    Args:
        requests: where they come from.
    """

    def __init__(self, requests: socket.socket):
        self._requests = requests
        self._selector = selectors.DefaultSelector()
        self._open: set[int] = {requests.fileno()}
        self._children: dict[int, socket.socket] = {}
        self._running: dict[int, int] = {}
        self._selector.register(requests, selectors.EVENT_READ, self._serve_one)
        self._forked: Request | None = None

    def serve(self) -> Request | None:
        """Serve until the line closes; gives None then, and in a forked worker what it was asked for with."""
        while self._requests.fileno() in self._open:
            for key, _ in self._selector.select():
                key.data()
                if self._forked is not None:
                    return self._forked
        for pid in tuple(self._children):
            self._let_go(pid)
        return None

    def _serve_one(self) -> None:
        packet, files, _, _ = socket.recv_fds(self._requests, MAX_REQUEST_BYTES, 3)
        if not packet:
            self._forget(self._requests.fileno())
            return
        asked = json.loads(packet)
        request = Request(asked["mark"], asked["cwd"], files[0], files[1], socket.socket(fileno=files[2]))
        pid = _fork()
        if pid == 0:
            self._leave()
            self._forked = request
            return
        os.close(request.line)
        os.close(request.log)
        self._watch(pid, request.status)

    def _watch(self, pid: int, status: socket.socket) -> None:
        self._children[pid], self._running[pid] = status, os.pidfd_open(pid)
        self._register(self._running[pid], lambda: self._tell_end(pid))
        self._register(status.fileno(), lambda: self._let_go(pid))
        _tell(status, pid=pid)

    def _tell_end(self, pid: int) -> None:
        """Its number stays taken until its line is closed, so that nobody kills another process by it."""
        if not self._stop_watching(pid):  # it was let go in the same moment
            return
        ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        assert ended is not None
        code = ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status
        _tell(self._children[pid], code=code)

    def _let_go(self, pid: int) -> None:
        self._stop_watching(pid)
        status = self._children.pop(pid)
        self._forget(status.fileno())
        status.close()
        kill_group(pid)
        os.waitpid(pid, 0)

    def _stop_watching(self, pid: int) -> bool:
        """Whether it was watched."""
        handle = self._running.pop(pid, None)
        if handle is not None:
            self._forget(handle)
            os.close(handle)
        return handle is not None

    def _register(self, file: int, what: Callable[[], None]) -> None:
        self._open.add(file)
        self._selector.register(file, selectors.EVENT_READ, what)

    def _forget(self, file: int) -> None:
        self._open.discard(file)
        self._selector.unregister(file)

    def _leave(self) -> None:
        """In the worker: nothing of the server's is held open by it."""
        self._selector.close()
        self._requests.detach()
        for status in self._children.values():
            status.detach()
        for file in self._open:
            os.close(file)


def main() -> None:
    """Import, then serve."""
    faulthandler.enable()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    _import(sys.argv[2], tuple(sys.argv[3:]))
    server_pid = os.getpid()
    request = ForkServer(socket.socket(fileno=int(sys.argv[1]))).serve()
    if request is None:
        os._exit(0)  # frameworks take their time to be taken down
    _become_worker(request)
    from paragone.workers.child import serve

    serve(request.line, server_pid)


def _import(framework: str, preload: tuple[str, ...]) -> None:
    """What fails here fails again in the worker, which says so in its own way."""
    from paragone.frameworks.registry import frameworks
    from paragone.workers.operations import load

    with contextlib.suppress(Exception):
        load(framework, preload)
        for name in (*frameworks()[framework].ahead, *_words()):
            import_module(name)
    gc.collect()
    gc.freeze()


def _words() -> Iterator[str]:
    """Our own files that describing any side imports."""
    for package in RECOGNISING:
        yield from (info.name for info in iter_modules(import_module(package).__path__, f"{package}."))


def _fork() -> int:
    """Frameworks and Python itself warn of forks beside threads; ours are those of an idle library of algebra."""
    sys.stdout.flush()
    sys.stderr.flush()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return os.fork()


def _become_worker(request: Request) -> None:
    os.setsid()
    os.dup2(request.log, 1)
    os.dup2(request.log, 2)
    os.close(request.log)
    request.status.close()
    with contextlib.suppress(OSError):  # it was removed meanwhile
        os.chdir(request.cwd)
    _carry_mark(request.mark)


def _carry_mark(mark: str) -> None:
    """Under this mark the process is found in /proc: the environment it was started with is overwritten in place."""
    text = mark.encode()
    libc: Any = ctypes.CDLL(None)
    libc.getenv.restype = ctypes.c_void_p
    place = libc.getenv(MARK.encode())
    if place and len(ctypes.string_at(place)) == len(text):
        ctypes.memmove(place, text, len(text))
    os.environ[MARK] = mark


def _tell(status: socket.socket, **fields: int) -> None:
    with contextlib.suppress(OSError):  # nobody listens any more: its line is readable, and we let go
        status.send(json.dumps(fields).encode())


if __name__ == "__main__":
    main()
