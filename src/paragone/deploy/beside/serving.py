"""Starts a server on this machine and asks it over REST: what the scripts of servers share.

A request is what TF Serving defines, `{"inputs": {"x0": [...], ...}}`, and the answer `{"outputs": ...}`: a map, or the
one output where there is one (https://www.tensorflow.org/tfx/serving/api_rest). All servers
are asked with the same bytes.
"""

from __future__ import annotations

import atexit
import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

HOST = "127.0.0.1"
PATIENCE_S = 120.0
Array = np.ndarray[Any, Any]


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as one:
        one.bind((HOST, 0))
        return int(one.getsockname()[1])


class Process:
    """A server's process; what it prints goes where ours goes. It ends with us.

    Args:
        command: that starts it.
    """

    def __init__(self, command: Sequence[str]):
        self.began_s = time.monotonic()
        self._process = subprocess.Popen(list(command), stdin=subprocess.DEVNULL, stdout=sys.stderr)
        atexit.register(self.end)

    def end(self) -> None:
        """End it, kindly at first, and then whatever it has left behind."""
        family = _family(self._process.pid)
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        for one in reversed(family):
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        self._process.wait()

    def until(self, ready: Callable[[], bool]) -> None:
        """Wait until it is ready.

        Raises:
            RuntimeError: it ended, or is not ready in two minutes.
        """
        while not ready():
            if (code := self._process.poll()) is not None:
                raise RuntimeError(f"the server ended (exit code {code}) before it answered; see what it printed")
            if time.monotonic() - self.began_s > PATIENCE_S:
                raise RuntimeError(f"the server was not ready within {PATIENCE_S:.0f} s")
            time.sleep(0.02)

    def peak_memory_bytes(self) -> int:
        """The kernel's high-water marks of its processes, added up; what they share is counted for each (proc(5))."""
        return sum(map(_high_water_bytes, _family(self._process.pid)))


class Rest:
    """A server that is asked over REST.

    Args:
        port: that it listens on.
        path: of a prediction.
        ready: of a page that answers 200 as soon as the model can be asked.
        host: its machine.
        process: where we started it.
        runtime: what it is, where only this machine decides that.
    """

    def __init__(
        self, port: int, path: str, ready: str, *, host: str = HOST, process: Process | None = None, runtime: str = ""
    ):
        self._host, self._port, self._path = host, port, path
        self._process = process
        self.runtime, self.note = runtime, ""
        if process is None:
            if not self._ready(ready):
                raise RuntimeError(
                    f"nothing answers at {host}:{port}{ready}: start the server first, as the recipe says"
                )
        else:
            process.until(lambda: self._ready(ready))
            self.peak_memory_bytes = process.peak_memory_bytes
        self._send = self.sender()

    def __call__(self, inputs: Sequence[Array]) -> list[Array]:
        """Ask it once."""
        found = json.loads(self._send(self.body(inputs)))["outputs"]
        if self._process is not None and not hasattr(self, "cold_start_s"):
            self.cold_start_s = time.monotonic() - self._process.began_s
        outputs = [found[name] for name in sorted(found, key=_place)] if isinstance(found, dict) else [found]
        return [np.asarray(each, dtype=np.float32) for each in outputs]

    def body(self, inputs: Sequence[Array]) -> bytes:
        """A request."""
        return json.dumps({"inputs": {f"x{place}": x.tolist() for place, x in enumerate(inputs)}}).encode()

    def sender(self) -> Callable[[bytes], bytes]:
        """What sends requests over a connection of its own, one after the other, and gives the answers.

        It raises `RuntimeError` for an answer that is none.
        """
        connection = http.client.HTTPConnection(self._host, self._port, timeout=PATIENCE_S)

        def send(body: bytes) -> bytes:
            try:
                connection.request("POST", self._path, body, {"Content-Type": "application/json"})
                answer = connection.getresponse()
                said = answer.read()
            except (OSError, http.client.HTTPException):
                connection.close()  # the next request opens it again
                raise
            if answer.status != 200:
                raise RuntimeError(f"HTTP {answer.status}: {said[:300].decode(errors='replace')}")
            return said

        return send

    def _ready(self, page: str) -> bool:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=5)
        try:
            connection.request("GET", page)
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def serve_onnx(folder: Path, program: str, ready: str) -> Rest:
    """Start one of our servers of an ONNX file, and wait for it.

    Args:
        folder: of the artifact; the server's program lies there, and is told the port.
        program: its name.
        ready: the page that says that it is ready.
    """
    port = free_port()
    return Rest(port, "/predict", ready, process=Process([sys.executable, str(folder / program), str(port)]))


def _place(name: str) -> tuple[int, str]:
    """Outputs are called y0, y1 and so on."""
    return int(name[1:]), name


def _family(parent: int) -> list[int]:
    """A process and all that came of it."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue  # it has ended
    found = [parent]
    for one in found:
        found += [child for child, its_parent in parents.items() if its_parent == one]
    return found


def _high_water_bytes(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
