"""Contenders without processes: their times are made up, so that nobody has to wait for them."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from paragone.errors import WorkerFailure
from paragone.measure.sets import Contender
from paragone.workers.spawn import WorkerSpec


def make_contender(side: str, track: str = "idiomatic") -> Contender:
    return Contender(side, track, WorkerSpec(side, side, f"{side}.py"))


@dataclass
class Stable:
    """Launches fake processes and sees that only one of them runs at a time.

    Args:
        step_s: true seconds a step, by side.
        noise: spread of a whole process, which lasts as long as it does.
        start_s: seconds of every phase, by side.
        fails: `(side, operation, how often it succeeds before)`.
        kill_after: calls after which the person presses Ctrl-C.
        slow_after: calls after which a neighbour makes every step a hundred times as long.
        pace: factor on the steps of a side, by the seconds that its process has spent on steps.
        grows: seconds a step of a side at a batch size and a number of threads, of a sweep.
        fails_at: the batch size at which a side runs out of memory, of a sweep.
        cannot_infer: a side that fails in inference alone.
        forward_flops: operations of a sample, where the work is counted.
        learns: the accuracy of a side after an epoch, by the seed of its set and the epoch's number from 1.
        bias: factor on the steps of every process after the first of a side in its set.
    """

    step_s: dict[str, float]
    noise: float = 0.02
    start_s: dict[str, float] = field(default_factory=dict)
    fails: tuple[str, str, int] | None = None
    bias: float = 1.0
    pace: Callable[[str, float], float] = lambda side, steady_s: 1.0
    launched: list[FakeProcess] = field(default_factory=list)
    awake: set[FakeProcess] = field(default_factory=set)
    calls: list[tuple[str, str, int]] = field(default_factory=list)
    kill_after: int | None = None
    slow_after: int = 10**9
    grows: Callable[[str, int, int], float] | None = None
    fails_at: dict[str, int] = field(default_factory=dict)
    cannot_infer: str = ""
    learns: Callable[[str, int, int], float] = lambda side, seed, epoch: 0.5 + 0.1 * epoch
    forward_flops: float | None = None
    seeds: list[tuple[str, int]] = field(default_factory=list)

    def launch(self, contender: Contender) -> FakeProcess:
        process = FakeProcess(self, contender, len(self.launched))
        self.launched.append(process)
        return process

    def alive(self) -> list[FakeProcess]:
        return [process for process in self.launched if not process.closed]


class FakeProcess:
    """Speaks like a worker and says how long its steps would have taken."""

    def __init__(self, stable: Stable, contender: Contender, number: int):
        side = contender.side
        self.side, self.number, self.closed, self.pid = side, number, False, os.getpid()
        self._stable = stable
        second = any(other.side == side for other in stable.alive())
        self._dice = random.Random(number)
        self._step_s = stable.step_s[side] * (1 + self._dice.gauss(0, stable.noise)) * (stable.bias if second else 1)
        self._phase_s = stable.start_s.get(side, 0.2)
        self._steady_s = 0.0
        self._steps = 0

    def call(self, op: str, timeout_s: float = 0.0, **arguments: Any) -> dict[str, Any]:
        assert not self.closed, f"{op} of a closed process"
        self._stable.awake.add(self)
        assert self._stable.awake == {self}, "two contenders run at the same time"
        self._fail_or_not(op)
        self._stable.calls.append((op, self.side, self.number))
        return getattr(self, f"_{op}")(**arguments)

    def pause(self) -> None:
        self._stable.awake.discard(self)

    def close(self) -> None:
        self._stable.awake.discard(self)
        self.closed = True

    def _fail_or_not(self, op: str) -> None:
        stable = self._stable
        if stable.kill_after is not None and len(stable.calls) >= stable.kill_after:
            raise KeyboardInterrupt
        done = sum(call[:2] == (op, self.side) for call in stable.calls)
        if stable.fails and stable.fails[:2] == (self.side, op) and done >= stable.fails[2]:
            self.close()
            raise WorkerFailure(f"{self.side}: killed by the system (most often: out of memory) during '{op}'")

    def _time_start(self, track: str) -> dict[str, Any]:
        phases = dict.fromkeys(("start", "import", "build", "compile", "first_step"), self._phase_s)
        second_step_s = self._time_steps(1)["elapsed_s"]
        memory = {"after_import": 100, "after_build": 200}
        return {"phases_s": phases, "second_step_s": second_step_s, "memory_bytes": memory}

    def _time_at(self, track: str, spec: dict[str, Any]) -> dict[str, Any]:
        assert self._stable.grows is not None
        stand, size = self._stable, spec["batch_size"]
        if stand.fails_at.get(self.side) == size:
            self.close()
            raise WorkerFailure(f"{self.side}: out of memory")
        self._step_s = stand.grows(self.side, size, spec["threads"]) * (1 + self._dice.gauss(0, stand.noise))
        return {"ready_s": 0.5, "second_step_s": self._time_steps(1)["elapsed_s"]}

    def _time_inference(self, track: str, batch_size: int) -> dict[str, Any]:
        if self._stable.cannot_infer == self.side:
            self.close()
            raise WorkerFailure(f"{self.side}: takes 32 samples and no other number")
        self._step_s = 1e-4 + 1e-6 * batch_size * self._stable.step_s[self.side] / 1e-3
        return {"ready_s": 0.1, "second_step_s": self._time_steps(1)["elapsed_s"]}

    def _time_epoch(self, track: str, compute: bool) -> dict[str, Any]:
        self._step_s = 0.015 + compute * 45 * self._stable.step_s[self.side]
        return {"ready_s": 0.1, "second_step_s": self._time_steps(1)["elapsed_s"], "batches": 45}

    def _time_until(self, track: str, seed: int, metric: str, start: str) -> dict[str, Any]:
        self._seed, self._epochs = seed, 0
        self._stable.seeds.append((self.side, seed))
        return {"ready_s": 0.1, "batches": 45}

    def _time_until_epoch(self) -> dict[str, Any]:
        self._epochs += 1
        value = self._stable.learns(self.side, self._seed, self._epochs)
        train_s = 45 * self._stable.step_s[self.side] + (0.5 if self._epochs == 1 else 0.0)
        return {"train_s": train_s, "evaluate_s": 3.0, "value": value}

    def _time_products(self, count: bool) -> dict[str, Any]:
        work = {"forward_flops": self._stable.forward_flops, "unknown": "layer Odd, line 3"} if count else {}
        slowness = 2 if self.side == "keras" else 1
        products = [
            {"by": by, "size": size, "best_s": slow * slowness * 2 * size**3 / 1e9}
            for by, size, slow in ((self.side, 256, 2.0), (self.side, 512, 1.0), ("numpy", 256, 3.0))
        ]
        return {**work, "products": products, "spent_s": 0.5}

    def _time_steps(self, n: int) -> dict[str, Any]:
        self._steps += n
        slowness = 100 if len(self._stable.calls) > self._stable.slow_after else 1
        pace = self._stable.pace(self.side, self._steady_s)
        elapsed = n * self._step_s * pace * slowness * (1 + abs(self._dice.gauss(0, 0.01)))
        self._steady_s += elapsed
        return {"elapsed_s": elapsed}

    def _time_end(self) -> dict[str, Any]:
        accounted = 5 * self._phase_s + self._steady_s
        peak = 1000 + self._dice.randrange(10)
        return {"peak_bytes": peak, "wall_s": 3 * accounted, "accounted_s": accounted, "steps": self._steps}


@pytest.fixture
def contender() -> Callable[..., Contender]:
    return make_contender


@pytest.fixture
def stable() -> type[Stable]:
    return Stable
