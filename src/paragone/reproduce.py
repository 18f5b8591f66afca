"""How to make a run again: its command, its options, its packages; no absolute path, since a record is shared."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

from paragone.job import Job
from paragone.options import BATCH_SIZE, CompareOptions
from paragone.records import Reproduce
from paragone.sides.scan import shown_argument

_OF_TIMING = frozenset(
    {
        "seed",
        "budget_s",
        "matters",
        "batch_size",
        "tracks",
        "scheduler_step",
        "threads",
        "python",
        "sweep",
        "inference",
        "epoch",
        "until",
        "max_epochs",
        "share",
        "precision",
    }
)
"""Options that a timing alone depends on."""


def reproduce(job: Job, verb: str) -> Reproduce:
    """The command that was given, without what is as by default."""
    versions = {
        name: version
        for side, table in job.packages.items()
        if side not in job.pythons
        for name, version in table.items()
    }
    return Reproduce(
        command=shlex.join(["paragone", verb, *_words(job)]),
        options={name: value for name, value in _options(job).items() if verb != "measure" or name in _OF_TIMING},
        requirements=tuple(f"{name}=={version}" for name, version in sorted(versions.items())),
    )


def _words(job: Job) -> Iterator[str]:
    options = job.options
    written = any(side.weight_map for side in job.sides)
    yield from [Path(options.sides[0]).name] if written else map(shown_argument, options.sides)
    if options.data is not None or not written:
        yield from ("--data", job.data.record.source)
    for name, (value, default) in _changed(options).items():
        if value != default:
            yield from (name, f"{value:g}" if isinstance(value, float) else str(value))
    if options.tracks != CompareOptions.tracks:
        for track in options.tracks:
            yield from ("--track", track)
    for rung in options.ignore:
        yield from ("--ignore", rung)
    if job.weights is not None:
        yield from ("--weights", job.weights.shown)
    for text in options.python:
        yield from ("--python", f"{text.partition('=')[0]}={_shown_python(job, text)}")
    for margin in options.margins:
        yield from ("--margin", margin)
    flags = {"--inference": options.inference, "--epoch": options.epoch, "--share": options.share}
    yield from (name for name, given in flags.items() if given)
    if not options.worth:
        yield "--no-worth"


def _changed(options: CompareOptions) -> dict[str, tuple[object, object]]:
    """The options of one value, each with its default."""
    return {
        "--seed": (options.seed, CompareOptions.seed),
        "--budget": (options.budget_s, CompareOptions.budget_s),
        "--matters": (options.matters, CompareOptions.matters),
        "--profile": (options.profile, CompareOptions.profile),
        "--batch-size": (options.batch_size or BATCH_SIZE, BATCH_SIZE),
        "--fidelity": (options.fidelity, CompareOptions.fidelity),
        "--steps": (options.steps, CompareOptions.steps),
        "--scheduler-step": (options.scheduler_step, CompareOptions.scheduler_step),
        "--threads": (options.threads, CompareOptions.threads),
        "--rungs": (",".join(options.rungs), ""),
        "--dtype": (options.dtype, CompareOptions.dtype),
        "--sweep": (options.sweep, CompareOptions.sweep),
        "--until": (options.until, CompareOptions.until),
        "--precision": (options.precision, CompareOptions.precision),
        "--max-epochs": (options.max_epochs, CompareOptions.max_epochs),
    }


def _shown_python(job: Job, text: str) -> str:
    path = Path(text.partition("=")[2]).expanduser().absolute()
    return next((python.shown for python in job.pythons.values() if python.path == path), path.name)


def _options(job: Job) -> dict[str, str | int | float | bool | None]:
    options = job.options
    pythons = (f"{side}={python.shown} ({python.version})" for side, python in job.pythons.items())
    return {
        "seed": options.seed,
        "budget_s": options.budget_s,
        "matters": options.matters,
        "profile": options.profile,
        "batch_size": job.batch_size,
        "steps": options.steps,
        "tracks": ", ".join(options.tracks),
        "scheduler_step": options.scheduler_step,
        "threads": options.threads,
        "rungs": ", ".join(options.scope.rungs),
        "dtype": options.dtype,
        "ignore": ", ".join(options.ignore),
        "weights": job.weights.shown if job.weights else None,
        "weights_sha256": job.weights.sha256 if job.weights else None,
        "python": ", ".join(pythons) or None,
        "worth": options.worth,
        **({"sweep": options.sweep} if options.sweep else {}),
        **({"inference": True} if options.inference else {}),
        **({"epoch": True} if options.epoch else {}),
        **({"precision": options.precision} if options.precision != CompareOptions.precision else {}),
        **({"share": True} if options.share else {}),
        **({"until": options.until, "max_epochs": options.max_epochs} if options.until else {}),
    }
