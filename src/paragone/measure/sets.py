"""One set: a fresh process for each contender, and a second one of one contender, timed side by side.

Each process is started and warmed up alone, all others stopped. Then the warm processes take turns in blocks of some
milliseconds, in rounds of a random order and its mirror image (ABC CBA), so that every drift of the machine meets all
of them alike. The time of a block is taken inside the worker; the parent only sleeps until the answer comes.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Protocol

from pydantic import Field

from paragone.errors import InputError, WorkerFailure
from paragone.measure.neighbours import Watch
from paragone.measure.plan import Pace
from paragone.measure.statistics import undisturbed_s
from paragone.measure.warmup import FEWEST_CHUNKS, LONGEST, trending
from paragone.records import ContenderSet, Memory, Phases, Record
from paragone.workers.spawn import WorkerSpec

OVERTIME = 3.0


@dataclass(frozen=True)
class Contender:
    """A side and how it is run.

    Args:
        side: name of the side.
        track: `idiomatic` or `tuned`.
        spec: what its worker is started with.
    """

    side: str
    track: str
    spec: WorkerSpec

    @property
    def name(self) -> str:
        """Side and track, unique in a run."""
        return f"{self.side}/{self.track}"


class Process(Protocol):
    """A contender's live process, as far as timing needs it; `paragone.workers.spawn.Worker` is one."""

    @property
    def pid(self) -> int:
        """Process id."""

    def call(self, op: str, timeout_s: float = ..., **arguments: Any) -> dict[str, Any]:
        """Let the process go on, ask for one operation and wait for its result."""

    def pause(self) -> None:
        """Stop the process so that it uses no processor."""

    def close(self) -> None:
        """Kill the process and everything it started."""


Launch = Callable[[Contender], Process]
Beyond = dict[tuple[str, bool], dict[str, Any]]
"""Fields of a `ContenderSet` beside its steps, by contender and whether it is its second process."""


class SetRecord(Record):
    """What one set found: raw figures by contender, and why some failed, at all or beside its steps.

    `twin` is the second process of the contender `twin_of`, for the instrument's test of itself; `twin_first` says
    whether it was started before the other. `load_before` is the load average just before the set; `parent_cores` are
    the cores that the parent kept busy on average while blocks were timed, `other_cores` those of all strangers.
    """

    set: int
    rounds: int
    contenders: dict[str, ContenderSet]
    failed: dict[str, str]
    twin_of: str
    twin: ContenderSet | None
    twin_first: bool
    took_s: float
    beyond_failed: Mapping[str, str] = Field(default_factory=dict)
    load_before: float
    parent_cores: float
    other_cores: float


@dataclass
class Runner:
    """One process of a set while it is being measured."""

    contender: Contender
    twin: bool
    process: Process
    started: dict[str, Any] = field(default_factory=dict)
    warmup_steps: int = 0
    warmup_s: float = 0.0
    warm: bool | None = None
    step_s: float = 0.0
    steady_s: float = 0.0
    blocks_s: float = 0.0
    parent_s: float = 0.0
    blocks: list[float] = field(default_factory=list)
    ended: dict[str, Any] = field(default_factory=dict)

    def steps(self, n: int) -> float:
        """Run `n` steps; seconds a step."""
        elapsed = float(self.process.call("time_steps", n=n)["elapsed_s"])
        self.steady_s += elapsed
        return elapsed / n


def run_set(
    number: int,
    contenders: Sequence[Contender],
    *,
    pace: Pace,
    seed: int,
    launch: Launch,
    rounds: int | None = None,
    after: After | None = None,
) -> SetRecord:
    """Measure one set.

    Args:
        number: which set, from 0; it decides which contender gets the second process.
        contenders: who takes part.
        pace: how the set is timed.
        seed: decides the orders, together with `number`.
        launch: starts a contender's process.
        rounds: mirrored rounds of blocks; None lets the pace decide from the warm steps.
        after: what else is timed of the same processes, once all that belongs to training was read.
    """
    began, dice = time.monotonic(), random.Random(f"{seed}-{number}")
    twin_of = contenders[number % len(contenders)]
    load_before = os.getloadavg()[0]
    with ExitStack() as stack:
        course = Course(pace, launch, stack)
        places = dice.sample(places_of(contenders, twin_of), k=len(contenders) + 1)
        course.start_all(places)
        rounds = rounds or (pace.rounds([runner.step_s for runner in course.runners]) if course.runners else 0)
        watch = Watch(runner.process.pid for runner in course.runners)
        course.take_turns(rounds, dice)
        parent_cores, other_cores = course.parent_cores(), watch.other_cores()
        course.end_all()
        beyond, beyond_failed = after(course, dice) if after is not None else ({}, {})
    return SetRecord(
        set=number,
        rounds=rounds,
        contenders={r.contender.name: _raw(number, r, pace, beyond) for r in course.runners if not r.twin},
        failed=course.failed,
        twin_of=twin_of.name,
        twin=next((_raw(number, r, pace, beyond) for r in course.runners if r.twin), None),
        twin_first=next(twin for contender, twin in places if contender is twin_of),
        took_s=time.monotonic() - began,
        load_before=load_before,
        parent_cores=parent_cores,
        other_cores=other_cores,
        beyond_failed=beyond_failed,
    )


After = Callable[["Course", random.Random], tuple[Beyond, dict[str, str]]]
"""Times more of the processes of a course; gives what it found, and why a contender failed in it."""


def places_of(contenders: Sequence[Contender], twin_of: Contender) -> list[tuple[Contender, bool]]:
    """Everybody once, and one of them twice; `True` marks its second process."""
    return [*((contender, False) for contender in contenders), (twin_of, True)]


class Course:
    """The processes of one set; a contender one of whose processes fails leaves it with all of them."""

    def __init__(self, pace: Pace, launch: Launch, stack: ExitStack):
        self._pace = pace
        self._launch = launch
        self._stack = stack
        self._all: list[Runner] = []
        self.failed: dict[str, str] = {}

    @property
    def runners(self) -> list[Runner]:
        """Those that are still in the race."""
        return [runner for runner in self._all if runner.contender.name not in self.failed]

    def start_all(self, places: Sequence[tuple[Contender, bool]]) -> None:
        """Start, build and warm up each process alone, then stop it."""
        for contender, twin in places:
            if contender.name not in self.failed:
                runner = Runner(contender, twin, self.process(contender, twin=twin))
                self._all.append(runner)
                self._try(runner, self.start)

    def process(self, contender: Contender, *, twin: bool) -> Process:
        """A fresh process, which ends with the set."""
        del twin  # it is one like the other
        process = self._launch(contender)
        self._stack.callback(process.close)
        return process

    def take_turns(self, rounds: int, dice: random.Random) -> None:
        """All rounds; fewer if a neighbour makes them last far longer than the warm steps promised."""
        enough_s = OVERTIME * rounds * sum(2 * max(self._pace.block_s, runner.step_s) for runner in self.runners)
        for done in range(rounds):
            if done >= self._pace.min_rounds and self._blocks_s() > enough_s:
                break
            self._round(dice)

    def _round(self, dice: random.Random) -> None:
        """One block of each process in a random order, then the mirror image."""
        order = dice.sample(self.runners, k=len(self.runners))
        for runner in [*order, *reversed(order)]:
            if runner.contender.name not in self.failed:
                self._try(runner, lambda one: _block(one, self._pace.block_s))

    def _blocks_s(self) -> float:
        return sum(runner.blocks_s for runner in self.runners)

    def parent_cores(self) -> float:
        """Cores that this process kept busy between asking for a block and having its answer, on average."""
        return sum(runner.parent_s for runner in self.runners) / (self._blocks_s() or 1.0)

    def end_all(self) -> None:
        """Ask each process for its totals and stop it."""
        for runner in self._all:
            if runner.contender.name not in self.failed:
                self._try(runner, _end)

    def start(self, runner: Runner) -> None:
        """Build the side, warm it up and stop it."""
        runner.started = runner.process.call("time_start", track=runner.contender.track)
        self.warmed(runner)

    def warmed(self, runner: Runner) -> None:
        """After its first two steps: more of them until it is warm, then it is stopped."""
        runner.steady_s = float(runner.started["second_step_s"])
        warm_up(runner, self._pace)
        runner.process.pause()

    def _try(self, runner: Runner, action: Callable[[Runner], None]) -> None:
        try:
            action(runner)
        except (WorkerFailure, InputError) as failure:
            self.failed[runner.contender.name] = failure.reason if isinstance(failure, WorkerFailure) else failure.what
            for other in self._all:
                if other.contender.name == runner.contender.name:
                    other.process.close()


def warm_up(runner: Runner, pace: Pace) -> None:
    """Run for `warmup_s` at least, until the steps have no trend any more; for some times as long at most."""
    chunks: list[float] = []
    n, before_s = 1, runner.steady_s
    while runner.warmup_s < LONGEST * pace.warmup_s and (runner.warmup_s < pace.warmup_s or not runner.warm):
        chunks.append(runner.steps(n))
        runner.warmup_steps += n
        runner.warmup_s = runner.steady_s - before_s
        moving = trending(chunks)
        runner.warm = None if moving is None else not moving
        n = steps_in(pace.warmup_s / FEWEST_CHUNKS, min(chunks))
    runner.step_s = undisturbed_s(chunks[-FEWEST_CHUNKS:])


def steps_in(seconds: float, step_s: float) -> int:
    """How many steps fill so many seconds; at least one."""
    return max(1, round(seconds / max(step_s, 1e-9)))


def _block(runner: Runner, block_s: float) -> None:
    """As many steps as fill a block at the best pace seen so far, which a neighbour may have hidden in the warm-up."""
    n = steps_in(block_s, runner.step_s)
    used_s = time.process_time()
    runner.blocks.append(runner.steps(n))
    runner.parent_s += time.process_time() - used_s
    runner.process.pause()
    runner.blocks_s += n * runner.blocks[-1]
    runner.step_s = min(runner.step_s, runner.blocks[-1])


def _end(runner: Runner) -> None:
    runner.ended = runner.process.call("time_end")
    runner.process.pause()


def _raw(number: int, runner: Runner, pace: Pace, beyond: Beyond) -> ContenderSet:
    memory = runner.started["memory_bytes"]
    return ContenderSet(
        set=number,
        phases_s=Phases.model_validate(runner.started["phases_s"]),
        steady_s=runner.steady_s,
        wall_s=runner.ended["wall_s"],
        accounted_s=runner.ended["accounted_s"],
        memory_bytes=Memory(peak=runner.ended["peak_bytes"], **memory),
        warmup_steps=runner.warmup_steps,
        warmup_s=runner.warmup_s,
        warm=runner.warm,
        steps_per_block=steps_in(pace.block_s, runner.step_s),
        block_step_s=tuple(runner.blocks),
        **beyond.get((runner.contender.name, runner.twin), {}),
    )
