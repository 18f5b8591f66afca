"""Before sides are timed in another precision than float32: each is put into it once, and looked at."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from paragone.errors import InputError, ParagoneError, SideError, WorkerFailure, shareable
from paragone.inspect_sides import Inspected
from paragone.job import Job
from paragone.measure.precision import FLOAT32
from paragone.progress import Progress
from paragone.prove.laboratory import Experiment, Laboratory
from paragone.prove.subject import Subject
from paragone.trials import Trial
from paragone.workers.spawn import WorkerSpec


def in_precision(job: Job, inspected: Inspected, progress: Progress) -> Inspected:
    """The sides that can be timed in the precision that was asked for; of each it says what was done to it.

    Args:
        job: with its options.
        inspected: the sides as they are built in float32.
        progress: where the stage reports to.

    Raises:
        SideError: no side could be put into the precision.
    """
    name = job.options.precision
    if name == FLOAT32:
        return inspected
    specs = {one.name: _spec(job, one) for one in inspected.subjects}
    identity = {one.name: {**job.identity(one.file), "precision": name} for one in inspected.subjects}
    progress.stage(f"put into {name}", len(specs))
    with Laboratory(specs, identity, job.trials, job.folder, lambda note: progress.advance(1, note)) as lab:
        told = lab.all({side: _looking(side, job.options.seed) for side in specs})
    failed = {side: _refused(name, said) for side, said in told.items() if isinstance(said, ParagoneError)}
    subjects = tuple(_told(one, told[one.name]) for one in inspected.subjects if one.name not in failed)
    if not subjects:
        raise _none(name, failed)
    return replace(inspected, subjects=subjects, failed={**inspected.failed, **failed})


def _spec(job: Job, subject: Subject) -> WorkerSpec:
    view = json.dumps(subject.said["view"])
    return replace(job.spec(subject.file), threads=1, view=view, precision=job.options.precision)


def _looking(side: str, seed: int) -> Experiment:
    return Experiment(side, "float32", "precise", {"seed": seed}, note=f"{side}: looking at what it computes in")


def _refused(name: str, error: ParagoneError) -> WorkerFailure:
    """Why a side is not timed, in one sentence."""
    reason = error.reason if isinstance(error, WorkerFailure) else error.what if isinstance(error, InputError) else ""
    return WorkerFailure(f"not run in {name}: {shareable(reason or str(error))}", getattr(error, "log", ""))


def _told(subject: Subject, said: Trial | ParagoneError) -> Subject:
    assert isinstance(said, Trial)
    found: Mapping[str, Any] = said.result
    return replace(subject, said={**subject.said, "precision": found["said"], "loop": found["loop"]})


def _none(name: str, failed: Mapping[str, WorkerFailure]) -> SideError:
    return SideError(
        f"No side could be run in {name}.",
        where=", ".join(failed),
        expected=f"a side whose matrix products or convolutions its framework can compute in {name}",
        received="; ".join(error.reason for error in failed.values()),
        next_step=f"measure without --precision, which is {FLOAT32}",
    )
