"""What is timed beside training steps, inside a set: the same processes, after all that belongs to the steps was read.

Inference is a call in evaluation mode, without gradients, from a batch in the framework's memory to NumPy arrays on the
host. An epoch is training over the whole training set with its data pipeline; the pipeline is timed alone as well. Each
of them is warmed up alone and then timed in mirrored rounds, exactly as the steps are. What comes once in a process,
training until it is good enough (`paragone.measure.until`) and the best matrix products (`paragone.measure.share`), is
timed last.
"""

from __future__ import annotations

import random
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from paragone.measure.goal import Goal
from paragone.measure.plan import Pace, sweep_pace
from paragone.measure.sets import Beyond, Contender, Course, Launch, Process, Runner, steps_in
from paragone.measure.share import products
from paragone.measure.until import until
from paragone.records import Epoch, Inference
from paragone.work import Work

BATCHES = (1, 64, 512)
"""One sample, for the latency; and what throughput is the best of: declared, so that nobody can choose to win."""

_COMPUTED, _PIPELINE = ("epoch", 1), ("epoch", 0)


@dataclass(frozen=True)
class Asked:
    """What is timed beside the steps.

    Args:
        inference: batch sizes of inference; empty for none.
        epoch: whether an epoch and its data pipeline are.
        goal: until what training is; None for none.
        share: whether the best matrix products are, of which steps reach a share.
        work: of the task's model, where the sides were written from one; otherwise each side's is counted.
    """

    inference: tuple[int, ...] = ()
    epoch: bool = False
    goal: Goal | None = None
    share: bool = False
    work: Work | None = None

    def operations(self) -> dict[tuple[str, int], tuple[str, dict[str, Any]]]:
        """What a worker is asked for, by what it gives."""
        calls = {("inference", size): ("time_inference", {"batch_size": size}) for size in self.inference}
        epochs = {key: ("time_epoch", {"compute": bool(key[1])}) for key in (_COMPUTED, _PIPELINE)}
        return {**calls, **(epochs if self.epoch else {})}

    def least_s(self) -> float:
        """Least seconds that this adds to a process; for the check of the budget."""
        pace = sweep_pace()
        return len(self.operations()) * (pace.warmup_s + pace.timed_s)


NOTHING = Asked()


class _Turns(Course):
    """The processes of a set at one thing that is asked of them."""

    def __init__(self, pace: Pace, launch: Launch, processes: dict[tuple[str, bool], Process]):
        super().__init__(pace, launch, ExitStack())
        self._processes = processes
        self.asked: tuple[str, dict[str, Any]] = ("", {})

    def process(self, contender: Contender, *, twin: bool) -> Process:
        """The one whose steps were timed."""
        return self._processes[contender.name, twin]

    def start(self, runner: Runner) -> None:
        """Make ready, warm up and stop."""
        op, arguments = self.asked
        runner.started = runner.process.call(op, track=runner.contender.track, **arguments)
        self.warmed(runner)


def beyond(
    course: Course, dice: random.Random, *, pace: Pace, launch: Launch, asked: Asked
) -> tuple[Beyond, dict[str, str]]:
    """Time what is asked for of everybody whose steps were timed.

    Args:
        course: of the set.
        dice: decides the orders.
        pace: how each thing is timed.
        launch: as of the set; nothing is launched.
        asked: what is timed.

    Returns:
        What was found, as fields of a `ContenderSet`, by contender and process; and who failed, with the reason.
        Whoever fails in one thing has none of them.
    """
    processes = {(runner.contender.name, runner.twin): runner.process for runner in course.runners}
    places = [(runner.contender, runner.twin) for runner in course.runners]
    found: dict[tuple[str, bool], dict[tuple[str, int], Runner]] = {key: {} for key in processes}
    failed: dict[str, str] = {}
    operations = asked.operations()
    for key in dice.sample(sorted(operations), k=len(operations)):
        turns = _Turns(pace, launch, processes)
        turns.asked = operations[key]
        able = [place for place in places if place[0].name not in failed]
        turns.start_all(dice.sample(able, k=len(able)))
        if turns.runners:
            turns.take_turns(pace.rounds([runner.step_s for runner in turns.runners]), dice)
        for runner in turns.runners:
            found[runner.contender.name, runner.twin][key] = runner
        failed |= turns.failed
    fields = {key: _fields(runners, asked, pace) for key, runners in found.items() if key[0] not in failed}
    if asked.goal is not None:
        able = [place for place in places if place[0].name not in failed]
        trained, failing = until(able, processes, dice, goal=asked.goal, launch=launch)
        failed |= failing
        fields = {key: fields[key] | {"until": one} for key, one in trained.items()}
    if asked.share:
        able = [place for place in places if place[0].name in {name for name, _ in fields}]
        counted, failing = products(dice.sample(able, k=len(able)), processes, known=asked.work, launch=launch)
        failed |= failing
        fields = {key: fields[key] | {"work": one} for key, one in counted.items()}
    return fields, failed


def _fields(runners: dict[tuple[str, int], Runner], asked: Asked, pace: Pace) -> dict[str, Any]:
    calls = tuple(_inference(runners["inference", size], pace, size) for size in asked.inference)
    return {"inference": calls, "epoch": _epoch(runners[_COMPUTED], runners[_PIPELINE]) if asked.epoch else None}


def _inference(runner: Runner, pace: Pace, size: int) -> Inference:
    return Inference(
        batch_size=size,
        ready_s=float(runner.started["ready_s"]),
        warmup_s=runner.warmup_s,
        warm=runner.warm,
        calls_per_block=steps_in(pace.block_s, runner.step_s),
        block_call_s=tuple(runner.blocks),
        spent_s=_spent_s(runner),
    )


def _epoch(computed: Runner, pipeline: Runner) -> Epoch:
    return Epoch(
        batches=int(computed.started["batches"]),
        block_epoch_s=tuple(computed.blocks),
        block_pipeline_s=tuple(pipeline.blocks),
        spent_s=_spent_s(computed) + _spent_s(pipeline),
    )


def _spent_s(runner: Runner) -> float:
    return float(runner.started["ready_s"]) + runner.warmup_s + runner.blocks_s
