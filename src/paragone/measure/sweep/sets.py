"""One set of a sweep: fresh processes, as in `paragone.measure.sets`, each of which is timed at every size.

Starting a process takes seconds, so one process goes through all sizes, in a random order of each set: at each of them
every contender's side is built anew and warmed up alone, and then all of them take turns in mirrored blocks. A
framework's threads are given to it at its start, so that sizes with other threads have processes of their own.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field

from paragone.measure.neighbours import Watch
from paragone.measure.plan import Pace
from paragone.measure.sets import Contender, Course, Launch, Process, Runner, places_of, steps_in
from paragone.records import Record, SweptProcess

Places = Sequence[tuple[Contender, bool]]


@dataclass(frozen=True)
class Point:
    """One size.

    Args:
        size: along the axis.
        contenders: who takes part, each with what its worker needs at this size; the same at every size.
    """

    size: int
    contenders: tuple[Contender, ...]

    @property
    def threads(self) -> int:
        """What a process must be started with, and cannot change later."""
        return self.contenders[0].spec.threads


class SweptSet(Record):
    """What one set of a sweep found: processes and failures by size, then by contender."""

    set: int
    processes: dict[int, dict[str, tuple[SweptProcess, ...]]]
    failed: dict[int, dict[str, str]]
    took_s: float
    load_before: float
    parent_cores: float
    other_cores: float


@dataclass
class _Pool:
    """Processes that are still good, by contender and whether it is the second one; others are started when needed."""

    launch: Launch
    stack: ExitStack
    alive: dict[tuple[str, bool], Process] = field(default_factory=dict)

    def get(self, contender: Contender, *, twin: bool) -> Process:
        key = contender.name, twin
        if key not in self.alive:
            self.alive[key] = self.launch(contender)
            self.stack.callback(self.alive[key].close)
        return self.alive[key]

    def drop(self, names: Collection[str]) -> None:
        """Forget the processes of whoever failed: they were closed."""
        self.alive = {key: process for key, process in self.alive.items() if key[0] not in names}


class _AtSize(Course):
    """The processes of one set at one size."""

    def __init__(self, pace: Pace, pool: _Pool):
        super().__init__(pace, pool.launch, pool.stack)
        self._pool = pool

    def process(self, contender: Contender, *, twin: bool) -> Process:
        """One that has been timed at other sizes before, if there is one."""
        return self._pool.get(contender, twin=twin)

    def start(self, runner: Runner) -> None:
        """Build the side for this size, warm it up and stop it."""
        spec = asdict(runner.contender.spec)
        runner.started = runner.process.call("time_at", track=runner.contender.track, spec=spec)
        self.warmed(runner)


@dataclass
class _Watched:
    """How busy the parent and strangers were, at the worst size."""

    parent_cores: float = 0.0
    other_cores: float = 0.0

    def add(self, course: Course, watch: Watch) -> None:
        self.parent_cores = max(self.parent_cores, course.parent_cores())
        self.other_cores = max(self.other_cores, watch.other_cores())


def sweep_set(
    number: int,
    points: Sequence[Point],
    *,
    pace: Pace,
    seed: int,
    launch: Launch,
    without: Mapping[int, Collection[str]],
) -> SweptSet:
    """Measure one set.

    Args:
        number: which set, from 0; it decides which contender gets the second process.
        points: the sizes.
        pace: how each size is timed.
        seed: decides the orders, together with `number`.
        launch: starts a contender's process.
        without: contenders that failed at a size in an earlier set, by size.
    """
    began, dice, load_before = time.monotonic(), random.Random(f"{seed}-{number}"), os.getloadavg()[0]
    contenders = points[0].contenders
    twin_of = contenders[number % len(contenders)].name
    processes: dict[int, dict[str, tuple[SweptProcess, ...]]] = {}
    failed: dict[int, dict[str, str]] = {}
    watched = _Watched()
    for group in _groups(points, dice):
        with ExitStack() as stack:
            pool = _Pool(launch, stack)
            for point in group:
                course, places = _AtSize(pace, pool), _places(point, twin_of, without.get(point.size, ()), dice)
                _timed(course, places, pace, dice, watched)
                pool.drop(course.failed)
                failed[point.size] = course.failed
                processes[point.size] = _found(number, course.runners, places, pace)
    return SweptSet(
        set=number,
        processes=dict(sorted(processes.items())),
        failed=dict(sorted(failed.items())),
        took_s=time.monotonic() - began,
        load_before=load_before,
        parent_cores=watched.parent_cores,
        other_cores=watched.other_cores,
    )


def _groups(points: Sequence[Point], dice: random.Random) -> list[list[Point]]:
    """The points that may share a process, in a random order, each group in a random order too."""
    threads = list(dict.fromkeys(point.threads for point in points))
    groups = [[point for point in points if point.threads == one] for one in dice.sample(threads, k=len(threads))]
    return [dice.sample(group, k=len(group)) for group in groups]


def _places(point: Point, twin_of: str, without: Collection[str], dice: random.Random) -> Places:
    """Who is started, in a random order; whoever has a second process may have failed at this size."""
    able = [one for one in point.contenders if one.name not in without]
    doubled = [one for one in able if one.name == twin_of]
    places = places_of(able, doubled[0]) if doubled else [(one, False) for one in able]
    return dice.sample(places, k=len(places))


def _timed(course: Course, places: Places, pace: Pace, dice: random.Random, watched: _Watched) -> None:
    course.start_all(places)
    if course.runners:
        watch = Watch(runner.process.pid for runner in course.runners)
        course.take_turns(pace.rounds([runner.step_s for runner in course.runners]), dice)
        watched.add(course, watch)


def _found(number: int, runners: Sequence[Runner], places: Places, pace: Pace) -> dict[str, tuple[SweptProcess, ...]]:
    """The raw figures of whoever was timed to the end, its second process last."""
    order = [(contender.name, twin) for contender, twin in places]
    found: dict[str, tuple[SweptProcess, ...]] = {}
    for runner in sorted(runners, key=lambda one: one.twin):
        name = runner.contender.name
        first = order.index((name, runner.twin)) <= min(
            place for place, (other, _) in enumerate(order) if other == name
        )
        found[name] = (*found.get(name, ()), _raw(number, runner, pace, first=first))
    return found


def _raw(number: int, runner: Runner, pace: Pace, *, first: bool) -> SweptProcess:
    return SweptProcess(
        set=number,
        twin=runner.twin,
        first=first,
        ready_s=runner.started["ready_s"],
        warmup_steps=runner.warmup_steps,
        warmup_s=runner.warmup_s,
        warm=runner.warm,
        steps_per_block=steps_in(pace.block_s, runner.step_s),
        block_step_s=tuple(runner.blocks),
    )
