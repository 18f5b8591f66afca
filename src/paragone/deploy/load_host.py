"""Puts one server under load, rate after rate: the program of a process of its own, which holds all who ask.

The load is open: requests are sent when their time has come, at random intervals (a Poisson process), whether or not
earlier ones were answered, and what a request takes counts from the moment when it should have been sent. So a server
that falls behind is not spared the waiting (Schroeder and others, NSDI 2006:
https://www.usenix.org/conference/nsdi-06/open-versus-closed-cautionary-tale).

It may run in an interpreter that has NumPy and the target's packages only, so it imports nothing of ours. Called as
`python load_host.py REQUEST` with the path of a JSON file; the answer is written where the request says.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Send = Callable[[Any], Any]

ASKERS = 32
"""Most requests that are on their way at once; each has a connection of its own."""
WARM_UP = 50
GRACE_S = 2.0
"""How long after the last request one may still be sent that had to wait for an asker."""


def main() -> None:
    """Start the server, warm it up, and offer it every rate."""
    request = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    dice = np.random.default_rng(request["seed"])
    said: dict[str, Any] = {}
    try:
        server = _script(Path(request["script"])).load(Path(request["folder"]))
        bodies = [server.body(one) for one in _samples(Path(request["example"]))]
        _warm(server.sender(), bodies)
        rates = dice.permutation(request["rates"]).tolist()
        said["rates"] = {str(rate): _offered(server.sender, bodies, rate, request["seconds"], dice) for rate in rates}
    except Exception as error:
        said["why"] = f"{type(error).__name__}: {' '.join(str(error).split())}"[:400]
    answer = Path(request["answer"])
    beside = answer.with_suffix(".part")
    beside.write_text(json.dumps(said), encoding="utf-8")
    beside.replace(answer)


def _script(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("predict", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _samples(example: Path) -> Iterator[list[Array]]:
    """The samples beside the artifact, one request each."""
    with np.load(example, allow_pickle=False) as saved:
        inputs = [saved[name] for name in sorted(saved.files, key=lambda name: (len(name), name)) if name[0] == "x"]
    for row in range(len(inputs[0])):
        yield [each[row : row + 1] for each in inputs]


def _warm(send: Send, bodies: Sequence[Any]) -> None:
    for number in range(WARM_UP):
        send(bodies[number % len(bodies)])


class _Rate:
    """All requests of one rate: when each is due, and what became of it."""

    def __init__(self, due_s: Array, bodies: Sequence[Any]):
        self.due_s, self._bodies = due_s, bodies
        self.took_s = np.full(len(due_s), np.nan)
        self.failed = 0
        self.why = ""
        self.ended_s = 0.0
        self._next = 0
        self._lock = threading.Lock()
        self._began_s = time.perf_counter()

    def ask(self, send: Send) -> None:
        """What every asker does: take the next request, wait until it is due, send it."""
        while (number := self._taken()) is not None:
            wait_s = self.due_s[number] - self._now()
            if wait_s > 0:
                time.sleep(wait_s)
            try:
                send(self._bodies[number % len(self._bodies)])
            except Exception as error:
                with self._lock:
                    self.failed += 1
                    self.why = self.why or f"{type(error).__name__}: {error}"[:200]
            else:
                self.took_s[number] = self._now() - self.due_s[number]
                self.ended_s = max(self.ended_s, self._now())

    def _taken(self) -> int | None:
        with self._lock:
            number = self._next
            if number >= len(self.due_s) or self._now() > self.due_s[-1] + GRACE_S:
                return None
            self._next += 1
            return number

    def _now(self) -> float:
        return time.perf_counter() - self._began_s


def _offered(
    sender: Callable[[], Send], bodies: Sequence[Any], rate: float, seconds: float, dice: np.random.Generator
) -> dict[str, Any]:
    """What became of the requests of one rate."""
    gaps = dice.exponential(1 / rate, size=max(2, round(rate * seconds)))
    senders = [sender() for _ in range(ASKERS)]
    one = _Rate(np.cumsum(gaps), bodies)
    askers = [threading.Thread(target=one.ask, args=(send,)) for send in senders]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    answered = one.took_s[np.isfinite(one.took_s)]
    return {
        "sent": len(gaps),
        "failed": one.failed,
        "why": one.why,
        "offered_per_s": len(gaps) / float(one.due_s[-1]),
        "answered_per_s": len(answered) / one.ended_s if len(answered) else 0.0,
        "took_s": answered.tolist(),
    }


if __name__ == "__main__":
    main()
