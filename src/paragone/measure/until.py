"""Every process of a set trains until its model is good enough; they take turns, an epoch each.

All processes of a set take the same seed, so that all see the samples of every epoch in the same order; sides that were
written from one task also start from the same weights, those of the first. Another set takes another seed.
"""

from __future__ import annotations

import math
import random
from contextlib import ExitStack, suppress
from pathlib import Path

from paragone.measure.goal import Goal
from paragone.measure.plan import Pace
from paragone.measure.sets import Contender, Course, Launch, Process, Runner
from paragone.records import Until

_SEEDS = 2**32
_START = "until-start.safetensors"


class _Epochs(Course):
    """The processes of a set at their trainings."""

    def __init__(self, launch: Launch, processes: dict[tuple[str, bool], Process], goal: Goal, seed: int, start: str):
        super().__init__(Pace(), launch, ExitStack())
        self._processes = processes
        self._goal = goal
        self._seed = seed
        self._start = start
        self._found: dict[tuple[str, bool], Until] = {}

    def process(self, contender: Contender, *, twin: bool) -> Process:
        """The one whose steps were timed."""
        return self._processes[contender.name, twin]

    def start(self, runner: Runner) -> None:
        """Build the side anew and stop."""
        started = runner.process.call(
            "time_until",
            track=runner.contender.track,
            seed=self._seed,
            metric=self._goal.metric,
            start=self._start,
        )
        runner.process.pause()
        self._found[_key(runner)] = Until(
            seed=self._seed,
            batches=int(started["batches"]),
            reached=False,
            epoch_s=(),
            values=(),
            evaluate_s=0.0,
            ready_s=float(started["ready_s"]),
        )

    def train(self, dice: random.Random) -> None:
        """Epochs in turns, in a random order each time, until everybody is good enough or has had the most."""
        while going := [runner for runner in self.runners if self._goes_on(runner)]:
            for runner in dice.sample(going, k=len(going)):
                if runner.contender.name not in self.failed:
                    self._try(runner, self._epoch)

    def _goes_on(self, runner: Runner) -> bool:
        done = self._found[_key(runner)]
        return not done.reached and len(done.epoch_s) < self._goal.epochs

    def _epoch(self, runner: Runner) -> None:
        said, so_far = runner.process.call("time_until_epoch"), self._found[_key(runner)]
        runner.process.pause()
        value = float(said["value"])
        known = value if math.isfinite(value) else None  # a training that diverged goes on to its end
        self._found[_key(runner)] = so_far.model_copy(
            update={
                "reached": self._goal.reached(value),
                "epoch_s": (*so_far.epoch_s, float(said["train_s"])),
                "values": (*so_far.values, known),
                "evaluate_s": so_far.evaluate_s + float(said["evaluate_s"]),
            }
        )

    def found(self) -> dict[tuple[str, bool], Until]:
        """What every process came to, of those contenders that did not fail."""
        return {key: one for key, one in self._found.items() if key[0] not in self.failed}


def _key(runner: Runner) -> tuple[str, bool]:
    return runner.contender.name, runner.twin


def until(
    places: list[tuple[Contender, bool]],
    processes: dict[tuple[str, bool], Process],
    dice: random.Random,
    *,
    goal: Goal,
    launch: Launch,
) -> tuple[dict[tuple[str, bool], Until], dict[str, str]]:
    """Train everybody until the goal.

    Args:
        places: contenders, and whether it is the second process of one.
        processes: theirs.
        dice: gives the seed of the set, and the orders.
        goal: what is good enough.
        launch: as of the set; nothing is launched.

    Returns:
        What was found, and who failed, with the reason.
    """
    seed, start = dice.randrange(_SEEDS), _start(places)
    course = _Epochs(launch, processes, goal, seed, str(start) if start else "")
    try:
        _forget(start)
        course.start_all(dice.sample(places, k=len(places)))
        course.train(dice)
    finally:
        _forget(start)
    return course.found(), course.failed


def _start(places: list[tuple[Contender, bool]]) -> Path | None:
    """The file that the starting weights go through; None where the sides' weights have no common names."""
    specs = [contender.spec for contender, _ in places]
    common = all(spec.weight_map and spec.data for spec in specs)
    return Path(specs[0].data).with_name(_START) if specs and common else None


def _forget(start: Path | None) -> None:
    if start is not None:
        with suppress(FileNotFoundError):
            start.unlink()
