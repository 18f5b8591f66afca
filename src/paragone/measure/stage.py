"""The stage: how many sets, the sets themselves (each a trial that is kept), and what they say together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from paragone.measure.plan import Pace, sets_within
from paragone.measure.sets import Contender, Launch, SetRecord, run_set
from paragone.measure.verdicts import timings
from paragone.progress import Progress
from paragone.records import ContenderSet, TimingPlan, Timings
from paragone.trials import Trials
from paragone.workers.spawn import Worker

__all__ = ["Contender", "measure"]


@dataclass(frozen=True)
class _Stage:
    """Everything that the sets have in common."""

    contenders: tuple[Contender, ...]
    pace: Pace
    seed: int
    launch: Launch
    trials: Trials
    key: Mapping[str, Any]
    progress: Progress

    def set(self, number: int, failed: Mapping[str, str], rounds: int | None) -> SetRecord:
        """One set: found again, or measured now and kept."""
        able = [contender for contender in self.contenders if contender.name not in failed]
        key = {**self.key, "set": number, "rounds": rounds, "contenders": [contender.name for contender in able]}
        if (trial := self.trials.recall("timing-set", key)) is not None:
            return SetRecord.model_validate(trial.result)
        self.progress.still(True)
        try:
            record = run_set(number, able, pace=self.pace, seed=self.seed, launch=self.launch, rounds=rounds)
        finally:
            self.progress.still(False)
        if not record.failed:  # what failed is tried again when the run goes on
            self.trials.keep("timing-set", key, record.model_dump(by_alias=True))
        for name, reason in record.failed.items():
            self.progress.say(f"{name} failed while it was timed: {reason}")
        return record


def measure(
    contenders: Sequence[Contender],
    *,
    budget_s: float,
    seed: int,
    batch_size: int,
    threads: int,
    trials: Trials,
    key: Mapping[str, Any],
    log_folder: Path,
    progress: Progress,
    pace: Pace | None = None,
    launch: Launch | None = None,
) -> Timings:
    """Time the contenders against each other.

    The first set also shows how long starting takes; from that and the budget the number of sets is fixed, before any
    ratio is computed. Each finished set is a trial: a run that was cut off measures only what is missing.

    Args:
        contenders: who is timed; ratios are taken among those of the same track.
        budget_s: seconds that timing may take.
        seed: decides all orders.
        batch_size: samples a step, for the record.
        threads: CPU threads of each framework, for the record.
        trials: where finished sets are kept.
        key: what the contenders were made from: bytes of sides and data, options, versions.
        log_folder: takes a log for each contender.
        progress: told between sets only; nothing is drawn while a contender is timed.
        pace: how a set is timed.
        launch: starts a contender's process.
    """
    pace = pace or Pace()
    options = {"budget_s": budget_s, "seed": seed, "batch_size": batch_size, "threads": threads}
    whole_key = {"of": dict(key), "all": [one.name for one in contenders], "pace": asdict(pace), **options}
    stage = _Stage(tuple(contenders), pace, seed, launch or _worker_in(log_folder), trials, whole_key, progress)
    progress.stage("measure", budget_s)
    progress.advance(0.0, "the first set, which shows how long starting takes")
    sets = _all_sets(stage, budget_s)
    plan = TimingPlan(
        sets=len(sets),
        rounds_per_set=sets[0].rounds,
        block_s=pace.block_s,
        warmup_s=pace.warmup_s,
        budget_s=budget_s,
        level=pace.level,
        batch_size=batch_size,
        threads=threads,
        parent_cpu_share=max(one.parent_cores for one in sets),
    )
    return timings(contenders, plan, sets)


def _all_sets(stage: _Stage, budget_s: float) -> list[SetRecord]:
    """The first set, then as many more as the budget pays for, until nobody is left."""
    sets = [stage.set(0, {}, None)]
    failed = dict(sets[0].failed)
    if not sets[0].contenders:
        return sets
    probed = list(sets[0].contenders.values())
    n_sets = sets_within(budget_s, [_start_s(one) for one in probed], [_step_s(one) for one in probed], stage.pace)
    stage.progress.advance(budget_s / n_sets, f"set 2 of {n_sets}")
    for number in range(1, n_sets):
        if len(failed) == len(stage.contenders):
            break
        sets.append(stage.set(number, failed, sets[0].rounds))
        failed |= sets[-1].failed
        stage.progress.advance(budget_s / n_sets, f"set {number + 2} of {n_sets}" if number + 1 < n_sets else "")
    return sets


def _start_s(one: ContenderSet) -> float:
    return one.accounted_s - one.steady_s


def _step_s(one: ContenderSet) -> float:
    return sum(one.block_step_s) / len(one.block_step_s)


def log_name(contender: str) -> str:
    """The file that takes what a contender prints while it is timed."""
    return re.sub(r"[^\w.-]+", "-", f"measure-{contender}") + ".log"


def _worker_in(log_folder: Path) -> Launch:
    """Starts workers whose logs lie in `log_folder`, one for each contender."""

    def launch(contender: Contender) -> Worker:
        log = log_folder / log_name(contender.name)
        return Worker(contender.spec, log, f"{log_folder.name}/{log.name}", fresh=True)

    return launch
