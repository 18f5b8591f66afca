"""The pipeline: sides → prove → measure → choose → report, and the record that it leaves."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from paragone import __version__
from paragone.choose import choose, profiles
from paragone.errors import ParagoneError, WorkerFailure, shareable
from paragone.folder import LOGS, run_folder, save_run, save_sides, share_logs
from paragone.frameworks.registry import frameworks
from paragone.inspect_sides import Inspected, inspect_sides, packages_of
from paragone.machine import describe_machine
from paragone.measure.plan import check_budget
from paragone.measure.stage import Contender, log_name, measure
from paragone.options import CompareOptions
from paragone.progress import Progress
from paragone.prove.laboratory import Laboratory
from paragone.prove.plan import ProofPlan, plan_proof
from paragone.prove.stage import Proving
from paragone.prove.subject import Subject
from paragone.prove.tolerances import FLOOR_RUNS
from paragone.records import Layer, Machine, Part, Proof, Reproduce, Run, Side, Task, Timings
from paragone.saved import write_page
from paragone.sides.scan import SideFile, scan_sides
from paragone.task.data import LoadedData, load_data
from paragone.trials import Trials
from paragone.workers.spawn import WorkerSpec

_START_S = 0.3
"""Least seconds from spawn to first step besides the framework's import; for the check of the budget."""


@dataclass(frozen=True)
class Job:
    """A comparison that was checked and can begin."""

    options: CompareOptions
    sides: tuple[SideFile, ...]
    packages: Mapping[str, Mapping[str, str]]
    data: LoadedData
    machine: Machine
    folder: Path
    trials: Trials

    def spec(self, side: SideFile) -> WorkerSpec:
        """What every worker of a side is started with."""
        return WorkerSpec(
            side=side.name,
            framework=side.framework,
            file=str(side.path.resolve()),
            selector=side.selector,
            data=str((self.folder / "data.safetensors").resolve()),
            batch_size=self.options.batch_size,
            seed=self.options.seed,
            preload=side.preload,
            scheduler_step=self.options.scheduler_step,
        )

    def identity(self, side: SideFile) -> dict[str, Any]:
        """What a side's results depend on."""
        return {
            "paragone": __version__,
            "code": _code_digest(),
            "sha256": side.sha256,
            "selector": side.selector,
            "framework": side.framework,
            "packages": dict(self.packages[side.name]),
            "data": self.data.record.sha256,
            "batch_size": self.options.batch_size,
            "scheduler_step": self.options.scheduler_step,
        }


@cache
def _code_digest() -> str:
    """SHA-256 of this package's own code, so that a finished trial of other code is not taken for one of this."""
    digester = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digester.update(path.read_bytes())
    return digester.hexdigest()


def compare_run(options: CompareOptions, progress: Progress) -> Run:
    """Compare sides from beginning to end and leave the record and the page in the run's folder.

    Raises:
        InputError: something that was given cannot be used.
    """
    began = time.monotonic()
    progress.stage("look", 3)
    sides = tuple(scan_sides(options.sides))
    _check_profile(options.profile)
    packages = {side.name: packages_of(side) for side in sides}
    machine = describe_machine({name: v for table in packages.values() for name, v in table.items()})
    progress.advance(1, "reading the data")
    data = load_data(options.data, seed=options.seed)
    progress.advance(1)
    with run_folder(options.folder, fresh=options.fresh) as folder:
        data.save(folder / "data.safetensors")
        save_sides(folder, sides)
        trials = Trials(folder)
        progress.advance(1)
        job = Job(options, sides, packages, data, machine, folder, trials)
        try:
            run = _compare(job, progress, began)
        finally:
            share_logs(folder)
        save_run(folder, run)
        write_page(run, folder)
    return run


def _compare(job: Job, progress: Progress, began: float) -> Run:
    inspected, plan, proof, failures = _prove(job, progress)
    if job.trials.recalled:
        progress.say(f"{job.trials.recalled} finished trials were found in {job.options.folder} and not run again")
    subjects = [subject for subject in inspected.subjects if subject.name not in failures]
    timings = _measure(job, subjects, progress)
    records = tuple(_side_record(job, side, inspected, failures) for side in job.sides if _is_side(side, inspected))
    records = tuple(_after_timing(record, timings) for record in records)
    progress.stage("choose", 1)
    choice = choose(proof, timings, records, job.options.profile, job.options.seed)
    progress.advance(1)
    return Run(
        paragone=__version__,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        name=job.options.name,
        task=Task(
            name=job.options.name,
            data=job.data.record,
            batch_size=job.options.batch_size,
            seed=job.options.seed,
            steps=plan.steps,
            scheduler_step="batch" if job.options.scheduler_step == "batch" else "epoch",
        ),
        machine=job.machine,
        sides=records,
        proof=proof,
        timings=timings,
        choice=choice,
        reproduce=_reproduce(job),
        duration_s=time.monotonic() - began,
    )


def _is_side(side: SideFile, inspected: Inspected) -> bool:
    return side.name in inspected.failed or any(subject.name == side.name for subject in inspected.subjects)


def _prove(job: Job, progress: Progress) -> tuple[Inspected, ProofPlan, Proof, dict[str, ParagoneError]]:
    specs = {side.name: replace(job.spec(side), threads=1) for side in job.sides}
    identity = {side.name: job.identity(side) for side in job.sides}
    with ExitStack() as stack:
        lab = stack.enter_context(
            Laboratory(specs, identity, job.trials, job.folder, lambda note: progress.advance(1, note))
        )
        progress.stage("build", 2 * len(job.sides))
        inspected = inspect_sides(job.sides, lab, job.options.seed)
        for name, error in inspected.failed.items():
            progress.say(f"{name} failed: {error}")
        _check_budget(job, inspected.subjects)
        plan = plan_proof(inspected.subjects, job.options.steps, job.options.seed, FLOOR_RUNS)
        progress.stage("prove", _experiments(len(inspected.subjects)))
        proving = Proving(inspected.subjects, lab, plan)
        proof = proving.prove()
        for name, failure in proving.failures.items():
            progress.say(f"{name} failed: {failure}")
        return inspected, plan, proof, proving.failures


def _experiments(n_sides: int) -> int:
    """Roughly how many experiments a proof has: draws, ladders, floors, interventions, trainings."""
    return n_sides * 7 + 10


def _measure(job: Job, subjects: Sequence[Subject], progress: Progress) -> Timings | None:
    if not subjects:
        return None
    contenders = [
        Contender(
            subject.name,
            track,
            replace(job.spec(subject.file), view=json.dumps(subject.said["view"]), threads=job.options.threads),
        )
        for subject in subjects
        for track in job.options.tracks
    ]
    return measure(
        contenders,
        budget_s=job.options.budget_s,
        seed=job.options.seed,
        batch_size=job.options.batch_size,
        threads=job.options.threads,
        trials=job.trials,
        key={"machine": _fixed(job.machine), **{one.name: job.identity(one.file) for one in subjects}},
        log_folder=job.folder / LOGS,
        progress=progress,
    )


def _fixed(machine: Machine) -> dict[str, Any]:
    """What stays the same on a machine: times that were taken on another one are not taken for this one's."""
    return {"cpu": machine.cpu, "cores": machine.cores, "memory_bytes": machine.memory_bytes}


def _check_budget(job: Job, subjects: Sequence[Subject]) -> None:
    """Refuse a budget that cannot pay for the fewest sets, before minutes are spent on the proof.

    The processor time of the imports is used: unlike their wall time, it does not grow when the machine is busy.
    """
    tracks = len(job.options.tracks)
    start_s = [
        min(float(said["import_cpu_s"]) for said in (subject.said, subject.said32)) + _START_S for subject in subjects
    ] * tracks
    check_budget(job.options.budget_s, start_s, [float(subject.said32["step_s"]) for subject in subjects] * tracks)


def _check_profile(name: str) -> None:
    if name not in profiles():
        from paragone.choose.profile import named

        named(name)


def _side_record(job: Job, side: SideFile, inspected: Inspected, failures: Mapping[str, ParagoneError]) -> Side:
    descriptor = frameworks()[side.framework]
    packages = dict(job.packages[side.name])
    base = Side(
        name=side.name,
        framework=side.framework,
        backend=descriptor.backend,
        version=packages[descriptor.distributions[0]],
        packages=packages,
        file=side.shown,
        sha256=side.sha256,
        code=side.code,
    )
    error = inspected.failed.get(side.name) or failures.get(side.name)
    if error is not None:
        why, log = (error.reason, error.log) if isinstance(error, WorkerFailure) else (shareable(str(error)), "")
        return base.model_copy(update={"status": "failed", "why": why, "log": log})
    subject = next(one for one in inspected.subjects if one.name == side.name)
    return base.model_copy(update=_described(subject))


def _after_timing(record: Side, timings: Timings | None) -> Side:
    """A side that failed on every track while it was timed is a side that failed."""
    timed = [one for one in timings.contenders if one.side == record.name] if timings else []
    if record.status == "failed" or not timed or any(one.status == "ok" for one in timed):
        return record
    first = timed[0]
    log = f"{LOGS}/{log_name(f'{first.side}/{first.track}')}"
    return record.model_copy(update={"status": "failed", "why": f"while it was timed: {first.why}", "log": log})


def _described(subject: Subject) -> dict[str, Any]:
    said = subject.said
    view, notes = said["view"], []
    if view["target"] != "as given":
        notes.append(f"targets are given as {view['target'].removeprefix('as given, ')}")
    if said["own_step"]:
        notes.append("brings its own train_step, which is what is proven and timed")
    return {
        "model": said["model"],
        "loss": said["loss"],
        "optimizer": said["optimizer"],
        "output": said["output"],
        "input_view": view["inputs"],
        "n_parameters": said["n_parameters"],
        "parts": tuple(Part(**row) for row in said["parts"]),
        "layers": tuple(Layer(**row) for row in said["layers"]),
        "traits": subject.traits,
        "loop": said["loop"],
        "notes": tuple(notes),
    }


def _reproduce(job: Job) -> Reproduce:
    options = job.options
    parts = ["paragone compare", *(side for side in _shown_sides(job))]
    parts.append(f"--data {job.data.record.source}")
    changed = {
        "--seed": (options.seed, CompareOptions.seed),
        "--budget": (options.budget_s, CompareOptions.budget_s),
        "--profile": (options.profile, CompareOptions.profile),
        "--batch-size": (options.batch_size, CompareOptions.batch_size),
        "--steps": (options.steps, CompareOptions.steps),
        "--scheduler-step": (options.scheduler_step, CompareOptions.scheduler_step),
        "--threads": (options.threads, CompareOptions.threads),
    }
    parts += [f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}"
              for name, (value, default) in changed.items() if value != default]  # fmt: skip
    parts += [f"--track {track}" for track in options.tracks if options.tracks != CompareOptions.tracks]
    versions = {name: v for table in job.packages.values() for name, v in table.items()}
    return Reproduce(
        command=" ".join(parts),
        options={
            "seed": options.seed,
            "budget_s": options.budget_s,
            "profile": options.profile,
            "batch_size": options.batch_size,
            "steps": options.steps,
            "tracks": ", ".join(options.tracks),
            "scheduler_step": options.scheduler_step,
            "threads": options.threads,
        },
        requirements=tuple(f"{name}=={v}" for name, v in sorted(versions.items())),
    )


def _shown_sides(job: Job) -> list[str]:
    shown = [side.shown + (f":{side.selector}" if side.selector else "") for side in job.sides]
    return list(dict.fromkeys(shown))
