"""The stage: sets of fresh processes, each a trial that is kept, until a look ends the run; what they say together."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from paragone.measure import words
from paragone.measure.beyond import NOTHING, Asked, beyond
from paragone.measure.forecast import FORECAST_AFTER, forecast
from paragone.measure.looks import Looks, looks
from paragone.measure.plan import MIN_SETS, OVERRUN, Pace, sets_within, sweep_pace
from paragone.measure.sets import After, Contender, Launch, SetRecord, run_set
from paragone.measure.statistics import MATTERS
from paragone.measure.stopping import all_decided
from paragone.measure.verdicts import QUALITY, STEP, Look, largest_family, log_ratios_so_far, ratios_of, timings
from paragone.progress import Progress
from paragone.records import ContenderSet, Ending, Forecast, Ratio, TimingPlan, Timings, UntilGoal
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
    asked: Asked = NOTHING

    def set(self, number: int, failed: Mapping[str, str], rounds: int | None) -> SetRecord:
        """One set: found again, or measured now and kept."""
        able = [contender for contender in self.contenders if contender.name not in failed]
        key = {**self.key, "set": number, "rounds": rounds, "contenders": [contender.name for contender in able]}
        if (trial := self.trials.recall("timing-set", key)) is not None:
            return SetRecord.model_validate(trial.result)
        self.progress.still(True)
        try:
            record = run_set(
                number, able, pace=self.pace, seed=self.seed, launch=self.launch, rounds=rounds, after=self._after()
            )
        finally:
            self.progress.still(False)
        if not record.failed:  # what failed is tried again when the run goes on
            self.trials.keep("timing-set", key, record.model_dump(by_alias=True))
        for name, reason in record.failed.items():
            self.progress.say(f"{name} failed while it was timed: {reason}")
        return record

    def _after(self) -> After | None:
        """What else is timed, where anything was asked for."""
        if self.asked == NOTHING:
            return None
        return partial(beyond, pace=sweep_pace(), launch=self.launch, asked=self.asked)


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
    matters: float = MATTERS,
    asked: Asked = NOTHING,
    pace: Pace | None = None,
    launch: Launch | None = None,
) -> Timings:
    """Time the contenders against each other, until the answer is certain or the budget is spent.

    The first set also shows how long starting takes; from that and the budget follow the most sets there can be and
    the looks at the ratios, before any ratio is computed. Each finished set is a trial: a run that was cut off measures
    only what is missing, and comes to the same looks.

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
        matters: the smallest difference that matters, 0.02 for 2 %; a pair that is certainly nearer is left alone.
        asked: what is timed beside the steps.
        pace: how a set is timed.
        launch: starts a contender's process.
    """
    pace = pace or Pace()
    options = {"budget_s": budget_s, "seed": seed, "batch_size": batch_size, "threads": threads}
    whole_key = {"of": dict(key), "all": [one.name for one in contenders], "pace": asdict(pace), **options}
    whole_key |= {"asked": asdict(asked)} if asked != NOTHING else {}
    everything = seed, launch or worker_in(log_folder), trials, whole_key, progress, asked
    stage = _Stage(tuple(contenders), pace, *everything)
    progress.stage("measure", budget_s)
    progress.advance(0.0, "the first set, which shows how long starting takes")
    course = _Course(stage, budget_s, matters)
    course.run()
    return timings(contenders, _plan(course, batch_size, threads), course.sets)


def _plan(course: _Course, batch_size: int, threads: int) -> TimingPlan:
    """How the timing was done, for the record."""
    pace = course.stage.pace
    return TimingPlan(
        sets=len(course.sets),
        rounds_per_set=course.sets[0].rounds,
        block_s=pace.block_s,
        warmup_s=pace.warmup_s,
        budget_s=course.budget_s,
        level=pace.level,
        batch_size=batch_size,
        threads=threads,
        parent_cpu_share=max(one.parent_cores for one in course.sets),
        looks=course.looks.at,
        matters=course.matters,
        stopped=course.stopped,
        forecast=course.forecast,
        inference_batches=course.stage.asked.inference,
        until=UntilGoal(**asdict(course.stage.asked.goal)) if course.stage.asked.goal else None,
    )


@dataclass
class _Course:
    """The sets of one run, one after the other."""

    stage: _Stage
    budget_s: float
    matters: float
    sets: list[SetRecord] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    looks: Looks = field(default_factory=lambda: looks(1))
    stopped: Ending = "budget"
    forecast: Forecast | None = None

    @property
    def pace(self) -> Pace:
        """How a set is timed."""
        return self.stage.pace

    def run(self) -> None:
        """The first set, then more until a look says that it is enough, the budget is spent, or nobody is left."""
        self._set(None)
        if self.sets[0].contenders:
            self.looks = looks(self._most())
        while (end := self._end()) is None:
            self._foresee()
            self._advance(1, f"set {len(self.sets) + 1} of at most {self.looks.last}")
            self._set(self.sets[0].rounds)
        self.stopped = end
        self._advance(self.looks.last - len(self.sets) + 1)

    def _set(self, rounds: int | None) -> None:
        self.sets.append(self.stage.set(len(self.sets), self.failed, rounds))
        self.failed |= self.sets[-1].failed

    def _most(self) -> int:
        probed = list(self.sets[0].contenders.values())
        step_s = [_step_s(one) for one in probed]
        start_s = [_start_s(one, self.pace.warm_s(step)) for one, step in zip(probed, step_s, strict=True)]
        return sets_within(self.budget_s, start_s, step_s, self.pace)

    def _end(self) -> Ending | None:
        """Why there is no further set; None where there is one."""
        if len(self.failed) == len(self.stage.contenders):
            return "failed"
        if len(self.sets) in self.looks.at and all_decided(self._deciding()):
            return "decided"
        return "budget" if len(self.sets) >= self.looks.last or self._overrun() else None

    def _overrun(self) -> bool:
        """Whether the machine became so much slower that another set would leave the budget far behind."""
        spent_s = sum(one.took_s for one in self.sets)
        return len(self.sets) >= MIN_SETS and spent_s + self.sets[-1].took_s > OVERRUN * self.budget_s

    def _deciding(self) -> list[Ratio]:
        """The ratios that say when the run ends, as this look sees them: of a step, and of what is trained until."""
        look = Look(self.pace.level, self.looks.share(len(self.sets)), self.matters)
        names = (STEP,) if self.stage.asked.goal is None else (STEP, QUALITY)
        return [ratio for name in names for ratio in ratios_of(name, self._able(), self.sets, look)]

    def _able(self) -> list[Contender]:
        return [one for one in self.stage.contenders if one.name not in self.failed]

    def _foresee(self) -> None:
        """Say once what the run will be able to see."""
        if len(self.sets) != min(FORECAST_AFTER, self.looks.last - 1):
            return
        able, set_s = self._able(), self.budget_s / self.looks.last
        logs, family = log_ratios_so_far(STEP, able, self.sets), largest_family(able)
        self.forecast = forecast(logs, self.looks, set_s, family=family, level=self.pace.level)
        if self.forecast is not None:
            self.stage.progress.say(words.of_forecast(self.forecast))

    def _advance(self, sets: int, note: str = "") -> None:
        self.stage.progress.advance(sets * self.budget_s / self.looks.last, note)


def _start_s(one: ContenderSet, warm_s: float) -> float:
    """Seconds from spawn to the first step, of its warm-up beyond the usual, and of what was timed beside its steps."""
    beside_s = sum(part.spent_s for part in (*one.inference, one.epoch, one.until, one.work) if part is not None)
    return one.accounted_s - one.steady_s + max(0.0, one.warmup_s - warm_s) + beside_s


def _step_s(one: ContenderSet) -> float:
    return sum(one.block_step_s) / len(one.block_step_s)


def log_name(contender: str) -> str:
    """The file that takes what a contender prints while it is timed."""
    return re.sub(r"[^\w.-]+", "-", f"measure-{contender}") + ".log"


def worker_in(log_folder: Path) -> Callable[[Contender], Worker]:
    """Starts workers whose logs lie in `log_folder`, one for each contender."""

    def launch(contender: Contender) -> Worker:
        log = log_folder / log_name(contender.name)
        return Worker(contender.spec, log, f"{log_folder.name}/{log.name}", fresh=True)

    return launch
