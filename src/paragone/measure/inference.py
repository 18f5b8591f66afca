"""Inference inside a set: after the steps were timed, the same processes call their models, in turns.

Each of the batch sizes is warmed up alone and then timed in mirrored rounds, exactly as the steps are. What is timed is
a call in evaluation mode, without gradients, from a batch in the framework's memory to NumPy arrays on the host.
"""

from __future__ import annotations

import random
from contextlib import ExitStack

from paragone.measure.plan import Pace, sweep_pace
from paragone.measure.sets import Contender, Course, Inferred, Launch, Process, Runner, steps_in
from paragone.records import Inference

BATCHES = (1, 64, 512)
"""One sample, for the latency; and what throughput is the best of: declared, so that nobody can choose to win."""


class _Calls(Course):
    """The processes of a set at one batch size."""

    def __init__(self, pace: Pace, launch: Launch, processes: dict[tuple[str, bool], Process], batch_size: int):
        super().__init__(pace, launch, ExitStack())
        self._processes = processes
        self._batch_size = batch_size

    def process(self, contender: Contender, *, twin: bool) -> Process:
        """The one whose steps were timed."""
        return self._processes[contender.name, twin]

    def start(self, runner: Runner) -> None:
        """Make ready for calls of this size, warm up and stop."""
        track = runner.contender.track
        runner.started = runner.process.call("time_inference", track=track, batch_size=self._batch_size)
        self.warmed(runner)


def infer(
    course: Course, dice: random.Random, *, pace: Pace, launch: Launch, sizes: tuple[int, ...]
) -> tuple[Inferred, dict[str, str]]:
    """Time inference of everybody whose steps were timed.

    Args:
        course: of the set.
        dice: decides the orders.
        pace: how each size is timed.
        launch: as of the set; nothing is launched.
        sizes: the batch sizes.

    Returns:
        What was found by contender and process, in the order of the sizes; and who failed, with the reason. Whoever
        fails at one size has no inference at all.
    """
    processes = {(runner.contender.name, runner.twin): runner.process for runner in course.runners}
    contenders = [(runner.contender, runner.twin) for runner in course.runners]
    found: dict[tuple[str, bool], dict[int, Inference]] = {key: {} for key in processes}
    failed: dict[str, str] = {}
    for size in dice.sample(sizes, k=len(sizes)):
        calls = _Calls(pace, launch, processes, size)
        able = [place for place in contenders if place[0].name not in failed]
        calls.start_all(dice.sample(able, k=len(able)))
        if calls.runners:
            calls.take_turns(pace.rounds([runner.step_s for runner in calls.runners]), dice)
        for runner in calls.runners:
            found[runner.contender.name, runner.twin][size] = _raw(runner, pace, size)
        failed |= calls.failed
    good = {key: rows for key, rows in found.items() if key[0] not in failed}
    return {key: tuple(rows[size] for size in sizes) for key, rows in good.items()}, failed


def inference_s() -> float:
    """Least seconds that inference adds to a process; for the check of the budget."""
    pace = sweep_pace()
    return len(BATCHES) * (pace.warmup_s + pace.timed_s)


def _raw(runner: Runner, pace: Pace, size: int) -> Inference:
    ready_s = float(runner.started["ready_s"])
    return Inference(
        batch_size=size,
        ready_s=ready_s,
        warmup_s=runner.warmup_s,
        warm=runner.warm,
        calls_per_block=steps_in(pace.block_s, runner.step_s),
        block_call_s=tuple(runner.blocks),
        spent_s=ready_s + runner.warmup_s + runner.blocks_s,
    )
