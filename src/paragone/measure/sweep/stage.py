"""The stage of a sweep: sets of fresh processes, each a trial that is kept, as many as the budget pays for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from paragone.measure import plan
from paragone.measure.plan import MAX_SETS, MIN_SWEEP_SETS, OVERRUN, Pace
from paragone.measure.sets import Launch
from paragone.measure.stage import worker_in
from paragone.measure.statistics import MATTERS
from paragone.measure.sweep.sets import Point, SweptSet, sweep_set
from paragone.measure.sweep.verdicts import told
from paragone.measure.sweep.wish import Wish
from paragone.progress import Progress
from paragone.records import Sweep, SweepPlan
from paragone.trials import Trials


@dataclass(frozen=True)
class Order:
    """What a sweep is asked for.

    Args:
        wish: axis and sizes.
        points: who takes part at each size.
        budget_s: seconds for all sizes together.
        seed: decides all orders.
        batch_size: samples a step where the batch is not swept, for the record.
        threads: CPU threads where they are not swept, for the record.
        matters: the smallest difference that matters.
    """

    wish: Wish
    points: tuple[Point, ...]
    budget_s: float
    seed: int
    batch_size: int
    threads: int
    matters: float = MATTERS

    def key(self) -> dict[str, Any]:
        """What a set depends on, besides what the contenders were made from."""
        return {
            "axis": self.wish.text,
            "sizes": list(self.wish.sizes),
            "contenders": [one.name for one in self.points[0].contenders],
            "seed": self.seed,
            "threads": self.threads,
            "batch_size": self.batch_size,
        }


@dataclass
class _Course:
    """The sets of one sweep, one after the other."""

    order: Order
    pace: Pace
    launch: Launch
    trials: Trials
    key: Mapping[str, Any]
    progress: Progress
    sets: list[SweptSet] = field(default_factory=list)
    failed: dict[int, dict[str, str]] = field(default_factory=dict)
    most: int = MIN_SWEEP_SETS

    def run(self) -> None:
        """The first set, which shows what a set takes; then as many as the budget pays for."""
        self._set()
        self.most = min(MAX_SETS, max(MIN_SWEEP_SETS, int(self.order.budget_s / max(self.sets[0].took_s, 1e-9))))
        while len(self.sets) < self.most and not self._overrun() and not self.nobody():
            share = self.order.budget_s / self.most
            self.progress.advance(share, f"set {len(self.sets) + 1} of {self.most}, each with every size")
            self._set()
        self.progress.advance(self.order.budget_s)

    def nobody(self) -> bool:
        """Whether everybody failed at every size."""
        contenders = len(self.order.points[0].contenders)
        return all(len(self.failed.get(point.size, {})) == contenders for point in self.order.points)

    def _overrun(self) -> bool:
        """Whether another set would leave the budget far behind, on a machine that became slower."""
        spent_s = sum(one.took_s for one in self.sets)
        return len(self.sets) >= MIN_SWEEP_SETS and spent_s + self.sets[-1].took_s > OVERRUN * self.order.budget_s

    def _set(self) -> None:
        found = self._kept_or_measured(len(self.sets))
        self.sets.append(found)
        for size, reasons in found.failed.items():
            known = self.failed.setdefault(size, {})
            for name in reasons.keys() - known.keys():
                self.progress.say(f"{name} failed at {size}: {reasons[name]}")
            known |= reasons

    def _kept_or_measured(self, number: int) -> SweptSet:
        without = {size: sorted(reasons) for size, reasons in self.failed.items() if reasons}
        key = {**self.key, "set": number, "without": without}
        if (trial := self.trials.recall("sweep-set", key)) is not None:
            return SweptSet.model_validate(trial.result)
        self.progress.still(True)
        try:
            found = sweep_set(
                number, self.order.points, pace=self.pace, seed=self.order.seed, launch=self.launch, without=without
            )
        finally:
            self.progress.still(False)
        if not any(found.failed.values()):  # what failed is tried again when the run goes on
            self.trials.keep("sweep-set", key, found.model_dump(mode="json", by_alias=True))
        return found


def sweep(
    order: Order,
    *,
    trials: Trials,
    key: Mapping[str, Any],
    log_folder: Path,
    progress: Progress,
    pace: Pace | None = None,
    launch: Launch | None = None,
) -> Sweep:
    """Time the contenders at every size.

    Every set goes through all sizes, so that the budget is shared over them, and the curves of one set are of the same
    processes. How many sets there are follows from what the first one took, before any time is compared.

    Args:
        order: what is asked for.
        trials: where finished sets are kept.
        key: what the contenders were made from.
        log_folder: takes a log for each contender.
        progress: told between sets only.
        pace: how a size is timed in a set.
        launch: starts a contender's process.
    """
    pace = pace or plan.sweep_pace()
    whole_key = {"of": dict(key), "pace": asdict(pace), **order.key()}
    progress.stage("measure", order.budget_s)
    progress.advance(0.0, "the first set, which shows how long a set takes")
    course = _Course(order, pace, launch or worker_in(log_folder), trials, whole_key, progress)
    course.run()
    return told(order.points[0].contenders, _plan(course), course.sets, course.failed, line=order.wish.axis.line)


def _plan(course: _Course) -> SweepPlan:
    """How the sweep was done, for the record."""
    order, pace = course.order, course.pace
    return SweepPlan(
        axis=f"{order.wish.text}={','.join(map(str, order.wish.sizes))}",
        called=order.wish.axis.called(order.wish.text),
        counted=order.wish.axis.counted(order.wish.text),
        sizes=order.wish.sizes,
        sets=len(course.sets),
        block_s=pace.block_s,
        timed_s=pace.timed_s,
        warmup_s=pace.warmup_s,
        budget_s=order.budget_s,
        level=pace.level,
        batch_size=order.batch_size,
        threads=order.threads,
        matters=order.matters,
        parent_cpu_share=max(one.parent_cores for one in course.sets),
        stopped="failed" if course.nobody() else "budget",
    )
