"""From a job to the points of a sweep: what every contender needs at every size."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from paragone.folder import LOGS
from paragone.job import WRITTEN, Job
from paragone.measure.plan import check_budget, sweep_pace
from paragone.measure.sets import Contender
from paragone.measure.sweep.axes import Setting
from paragone.measure.sweep.sets import Point
from paragone.measure.sweep.stage import Order, sweep
from paragone.measure.sweep.wish import Wish, wish
from paragone.progress import Progress
from paragone.prove.subject import Subject
from paragone.records import Sweep
from paragone.sides.from_task import write_files, written_sides
from paragone.sides.scan import SideFile
from paragone.spelling.site import Fidelity
from paragone.task.check import check_task
from paragone.task.data.fit import check_fit

_BUILD_S = 0.2
"""Least seconds to build a side for a size and to take its first steps; for the check of the budget."""


@dataclass(frozen=True)
class Variant:
    """What one size changes.

    Args:
        size: along the axis.
        batch_size: samples a step.
        threads: of each framework.
        sides: the sides as they were written for this size, by name; empty where the files stay.
        data: the file of the data.
    """

    size: int
    batch_size: int
    threads: int
    sides: Mapping[str, SideFile]
    data: Path


def variants(job: Job) -> tuple[Variant, ...]:
    """Every size, checked; sides of a task that the size changes are written.

    Raises:
        InputError: the sides, or the task, do not have what is to be swept, or not in every size.
    """
    asked = wish(job.options.sweep)
    task = job.task.task if job.task is not None else None
    given = Setting(job.batch_size, job.options.threads, task, job.data.arrays)
    settings = {size: asked.axis.at(given, asked.text, size) for size in asked.sizes}
    return tuple(_variant(job, asked, size, setting) for size, setting in settings.items())


def _variant(job: Job, asked: Wish, size: int, setting: Setting) -> Variant:
    data, sides = job.folder / "data.safetensors", {}
    if asked.axis.of_task and setting.task is not None:
        where = f"{Path(job.options.sides[0]).name} with {asked.text} = {size}"
        checked = check_task(setting.task, where)
        check_fit(checked, setting.arrays, where)
        fidelity: Fidelity = "plain" if job.options.fidelity == "plain" else "matched"
        written = written_sides(checked, fidelity, job.folder / WRITTEN / f"{asked.text}-{size}")
        write_files(written)
        sides = {side.name: side for side in written}
        if setting.arrays is not job.data.arrays:
            data = job.folder / f"data-{size}.safetensors"
            replace(job.data, arrays=dict(setting.arrays)).save(data)
    return Variant(size, setting.batch_size, setting.threads, sides, data.resolve())


def swept(
    job: Job, subjects: Sequence[Subject], found: Sequence[Variant], key: Mapping[str, Any], progress: Progress
) -> Sweep | None:
    """Time the subjects at every size; None where there is nobody.

    Args:
        job: with its options.
        subjects: the sides that were built.
        found: the sizes.
        key: what the times depend on besides the sweep.
        progress: where the stage reports to.
    """
    if not subjects:
        return None
    order = Order(
        wish=wish(job.options.sweep),
        points=tuple(Point(one.size, tuple(_contenders(job, subjects, one))) for one in found),
        budget_s=job.options.budget_s,
        seed=job.options.seed,
        batch_size=job.batch_size,
        threads=job.options.threads,
        matters=job.options.matters / 100,
    )
    return sweep(order, trials=job.trials, key=key, log_folder=job.folder / LOGS, progress=progress)


def _contenders(job: Job, subjects: Sequence[Subject], one: Variant) -> Iterator[Contender]:
    for subject in subjects:
        spec = replace(
            job.spec(one.sides.get(subject.name, subject.file)),
            view=json.dumps(subject.said["view"]),
            batch_size=one.batch_size,
            threads=one.threads,
            precision=job.options.precision,
            data=str(one.data),
        )
        for track in job.options.tracks:
            yield Contender(subject.name, track, spec)


def check_sweep_budget(job: Job, start_s: Sequence[float], step_s: Sequence[float]) -> None:
    """Refuse a budget that cannot pay for the fewest sets, as far as that is known from the sides as they are.

    Args:
        job: with its options.
        start_s: seconds from spawn to the first step, by contender.
        step_s: seconds of a step, by contender.

    Raises:
        InputError: says the smallest budget that would do.
    """
    asked = wish(job.options.sweep)
    fresh = len(asked.sizes) if asked.text == "threads" else 1
    each = [_BUILD_S + start * fresh / len(asked.sizes) for start in start_s]
    check_budget(job.options.budget_s, each, step_s, sweep_pace(), sizes=len(asked.sizes))
