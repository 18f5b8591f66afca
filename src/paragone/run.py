"""The pipeline: sides → prove → measure → choose → report, and the record that it leaves."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from paragone import __version__
from paragone.ahead import import_ahead
from paragone.certify.write import save_starts, write_certificate
from paragone.choose import choose, named
from paragone.choose.claims import judged
from paragone.choose.evidence import evidence_of
from paragone.curves import save_curves
from paragone.deployed import check_deployment, deployed, loaded
from paragone.errors import ParagoneError, WorkerFailure, reason_of, shareable
from paragone.folder import LOGS, save_run
from paragone.inspect_sides import Inspected, built_sides
from paragone.job import Job, open_job
from paragone.measure.beyond import BATCHES, Asked
from paragone.measure.goal import goal
from paragone.measure.plan import check_budget
from paragone.measure.stage import Contender, log_name, measure
from paragone.options import CompareOptions
from paragone.precise import in_precision
from paragone.progress import Progress
from paragone.prove.align.mapping import MAPPING
from paragone.prove.conduct import Conducted, conduct
from paragone.prove.laboratory import Laboratory
from paragone.prove.subject import Subject
from paragone.records import Layer, Machine, Part, Run, Side, Task, Timings
from paragone.reproduce import reproduce
from paragone.saved import write_page
from paragone.sides.scan import SideFile
from paragone.swept import check_sweep_budget, swept, variants
from paragone.trials import write_whole
from paragone.work import work_of_task
from paragone.workers.spawn import WorkerSpec

_START_S = 0.3
"""Least seconds from spawn to first step besides the framework's import; for the check of the budget."""


def compare_run(options: CompareOptions, progress: Progress) -> Run:
    """Compare sides from beginning to end and leave the record and the page in the run's folder.

    Raises:
        InputError: something that was given cannot be used.
    """
    began = time.monotonic()
    named(options.profile)
    check_deployment(options, every=False)
    with open_job(options, progress) as job:
        run = _compare(job, progress, began)
        return _kept(job, run)


def prove_run(options: CompareOptions, progress: Progress) -> Run:
    """Prove sides the same or different, without timing them, and leave the record and the page in the run's folder.

    Raises:
        InputError: something that was given cannot be used.
    """
    began = time.monotonic()
    with open_job(options, progress) as job:
        return _kept(job, _proven(job, progress, began)[0])


def measure_run(options: CompareOptions, progress: Progress) -> Run:
    """Time sides without proving that they are the same task, and leave the record and the page in the run's folder.

    Raises:
        InputError: something that was given cannot be used.
    """
    began = time.monotonic()
    with open_job(options, progress, least=1) as job:
        sizes = variants(job) if options.sweep else ()
        inspected = _build(job, progress)
        run = _record(job, inspected, {}, "measure", 0)
        if sizes:
            found = swept(job, inspected.subjects, sizes, _timing_key(job, inspected.subjects), progress)
            updates: dict[str, Any] = {"sweep": found}
        else:
            timings = _measure(job, inspected.subjects, progress)
            updates = {"sides": tuple(_after_timing(record, timings) for record in run.sides), "timings": timings}
        _say_recalled(job, progress)
        return _kept(job, run.model_copy(update={**updates, "duration_s": time.monotonic() - began}))


def deploy_run(options: CompareOptions, progress: Progress) -> Run:
    """Deploy sides to runtimes and check what arrives there; leave the record and the page in the run's folder.

    Raises:
        InputError: something that was given cannot be used.
    """
    began = time.monotonic()
    check_deployment(options, every=True)
    with open_job(options, progress, least=1) as job:
        inspected = _build(job, progress, timed=False)
        artifacts = deployed(
            job, inspected.subjects, {name: reason_of(e) for name, e in inspected.failed.items()}, progress
        )
        load = loaded(job, artifacts, progress)
        run = _record(job, inspected, {}, "deploy", job.options.steps)
        _say_recalled(job, progress)
        found = {"artifacts": artifacts, "load": load, "duration_s": time.monotonic() - began}
        return _kept(job, run.model_copy(update=found))


def _kept(job: Job, run: Run) -> Run:
    save_run(job.folder, run)
    write_page(run, job.folder)
    if run.proof is not None:
        write_certificate(job, run)
    if job.options.tensorboard is not None:
        save_curves(run, job.options.tensorboard)
    return run


def _build(job: Job, progress: Progress, *, timed: bool = True) -> Inspected:
    """The sides as they are timed, or deployed; whoever fails is a result."""
    specs, identity = _laboratory(job)
    progress.stage("build", len(job.sides))
    with Laboratory(specs, identity, job.trials, job.folder, lambda note: progress.advance(1, note)) as lab:
        inspected = built_sides(job.sides, lab, job.options.seed)
    inspected = in_precision(job, inspected, progress)
    for name, error in inspected.failed.items():
        progress.say(_failed(name, error))
    if timed:
        _check_budget(job, inspected.subjects)
    return inspected


def _laboratory(job: Job, steps: int = 0) -> tuple[dict[str, WorkerSpec], dict[str, dict[str, Any]]]:
    """What each side's experiments are run with, and what their results depend on."""
    specs = {side.name: replace(job.spec(side), threads=1, steps=steps) for side in job.sides}
    return specs, {side.name: job.identity(side) for side in job.sides}


def _compare(job: Job, progress: Progress, began: float) -> Run:
    proven, subjects = _proven(job, progress, began, timed=True)
    timings = _measure(job, subjects, progress)
    records = tuple(_after_timing(record, timings) for record in proven.sides)
    failed = {one.name: one.why for one in proven.sides if one.status == "failed"}
    artifacts = deployed(job, subjects, failed, progress) if job.options.to else ()
    load = loaded(job, artifacts, progress)
    progress.stage("choose", 1)
    found = {"sides": records, "timings": timings, "artifacts": artifacts, "load": load}
    measured = proven.model_copy(update=found)
    run = measured.model_copy(update={"choice": choose(measured, job.options.profile)})
    claims = judged(evidence_of(run))
    progress.advance(1)
    return run.model_copy(update={"claims": claims, "duration_s": time.monotonic() - began})


def _proven(job: Job, progress: Progress, began: float, *, timed: bool = False) -> tuple[Run, list[Subject]]:
    """The record as far as the proof, and the sides that can be timed."""
    done = _prove(job, progress, timed=timed)
    inspected, failures = done.inspected, done.failures
    _say_recalled(job, progress)
    subjects = [subject for subject in inspected.subjects if subject.name not in failures]
    run = _record(job, inspected, failures, "compare" if timed else "prove", done.plan.steps)
    return run.model_copy(update={"proof": done.proof, "duration_s": time.monotonic() - began}), subjects


def _say_recalled(job: Job, progress: Progress) -> None:
    if job.trials.recalled:
        progress.say(f"{job.trials.recalled} finished trials were found in {job.options.folder} and not run again")


def _record(job: Job, inspected: Inspected, failures: Mapping[str, ParagoneError], verb: str, steps: int) -> Run:
    """The record as far as it is known once the sides were built, or failed."""
    return Run(
        paragone=__version__,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        name=job.options.name,
        task=Task(
            name=job.options.name,
            data=job.data.record,
            batch_size=job.batch_size,
            seed=job.options.seed,
            steps=steps,
            scheduler_step="batch" if job.options.scheduler_step == "batch" else "epoch",
            precision=job.options.precision,
        ),
        machine=job.machine,
        sides=tuple(_side_record(job, side, inspected, failures) for side in job.sides if _is_side(side, inspected)),
        reproduce=reproduce(job, verb),
        duration_s=0.0,
    )


def _is_side(side: SideFile, inspected: Inspected) -> bool:
    return side.name in inspected.failed or any(subject.name == side.name for subject in inspected.subjects)


def _prove(job: Job, progress: Progress, *, timed: bool) -> Conducted:
    specs, identity = _laboratory(job, job.options.steps)

    def built(inspected: Inspected) -> None:
        _say_alignment(job, progress, inspected)
        for name, error in inspected.failed.items():
            progress.say(_failed(name, error))
        if timed:
            _check_budget(job, inspected.subjects)
        progress.stage("prove", _experiments(len(inspected.subjects)))

    progress.stage("build", 2 * len(job.sides))
    import_ahead()
    with Laboratory(specs, identity, job.trials, job.folder, lambda note: progress.advance(1, note)) as lab:
        done = conduct(lab, job.sides, job.options, built, job.weights)
    for name, failure in done.failures.items():
        progress.say(_failed(name, failure))
    save_starts(job.folder, done.starts)
    return done


def _failed(name: str, error: ParagoneError) -> str:
    """One line; a worker's failure begins with its side's name already."""
    return f"{name} failed: {str(error).removeprefix(f'{name}: ')}"


def _say_alignment(job: Job, progress: Progress, inspected: Inspected) -> None:
    """What is left open about which parameters correspond goes into a file for the user."""
    path = job.folder / MAPPING
    if inspected.mapping:
        write_whole(path, inspected.mapping.encode())
        progress.say(f"which parameters correspond could not be shown: see {path.name}, and give it back with --map")
    elif job.options.mapping is None:  # one that was given stays, also where it stands in the run's own folder
        path.unlink(missing_ok=True)


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
            replace(
                job.spec(subject.file),
                view=json.dumps(subject.said["view"]),
                threads=job.options.threads,
                precision=job.options.precision,
            ),
        )
        for subject in subjects
        for track in job.options.tracks
    ]
    return measure(
        contenders,
        budget_s=job.options.budget_s,
        seed=job.options.seed,
        batch_size=job.batch_size,
        threads=job.options.threads,
        trials=job.trials,
        key=_timing_key(job, subjects),
        log_folder=job.folder / LOGS,
        progress=progress,
        matters=job.options.matters / 100,
        asked=_asked(job),
    )


def _asked(job: Job) -> Asked:
    """What is timed beside the steps."""
    options = job.options
    wanted = goal(options.until, options.max_epochs) if options.until else None
    work = work_of_task(job.task) if options.share and job.task is not None else None
    return Asked(BATCHES if options.inference else (), options.epoch, wanted, options.share, work)


def _timing_key(job: Job, subjects: Sequence[Subject]) -> dict[str, Any]:
    """What times are of: the machine, the sides, the data."""
    identities = {one.name: job.identity(one.file) for one in subjects}
    return {"machine": _fixed(job.machine), "precision": job.options.precision, **identities}


def _fixed(machine: Machine) -> dict[str, Any]:
    """What stays the same on a machine: times that were taken on another one are not taken for this one's."""
    return {
        "cpu": machine.cpu,
        "cores": machine.cores,
        "governor": machine.governor,
        "system": machine.system,
        "python": machine.python,
        "memory_bytes": machine.memory_bytes,
        "accelerators": list(machine.accelerators),
    }


def _check_budget(job: Job, subjects: Sequence[Subject]) -> None:
    """Refuse a budget that cannot pay for the fewest sets, before minutes are spent on the proof.

    The processor time of the imports is used: unlike their wall time, it does not grow when the machine is busy.
    """
    tracks = len(job.options.tracks)
    start_s = [
        min(float(said["import_cpu_s"]) for said in (subject.said, subject.said32)) + _START_S for subject in subjects
    ] * tracks
    step_s = [float(subject.said32["step_s"]) for subject in subjects] * tracks
    if job.options.sweep:
        check_sweep_budget(job, start_s, step_s)
    else:
        check_budget(job.options.budget_s, [one + _asked(job).least_s() for one in start_s], step_s)


def _side_record(job: Job, side: SideFile, inspected: Inspected, failures: Mapping[str, ParagoneError]) -> Side:
    descriptor = side.descriptor
    packages, python = dict(job.packages[side.name]), job.pythons.get(side.name)
    base = Side(
        name=side.name,
        framework=side.framework,
        backend=descriptor.backend,
        version=packages[descriptor.distributions[0]],
        packages=packages,
        python=f"{python.version} ({python.shown})" if python is not None else "",
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
        "layers": tuple(
            Layer(**{name: row[name] for name in Layer.model_fields if name in row}) for row in said["layers"]
        ),
        "traits": subject.traits,
        "loop": said["loop"],
        "precision": said.get("precision", ""),
        "notes": tuple(notes),
    }
