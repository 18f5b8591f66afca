"""From a job to its artifacts: which sides go to which targets, and with what; and to servers under load."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from paragone.deploy.stage import Deployed, Wish, deploy
from paragone.deploy.target import chosen, targets
from paragone.deploy.under_load import Wanted, under_load
from paragone.errors import InputError
from paragone.job import Job
from paragone.options import CompareOptions
from paragone.progress import Progress
from paragone.prove.subject import Subject
from paragone.records import Artifact, Load


def deployed(
    job: Job, subjects: Sequence[Subject], failed: Mapping[str, str], progress: Progress
) -> tuple[Artifact, ...]:
    """Every side in every target that was asked for; none arrives of a side that failed before.

    Args:
        job: what was asked for.
        subjects: the sides that can be built.
        failed: the others, by name, and why.
        progress: where the stage reports to.

    Raises:
        InputError: there is no such target.
    """
    options = job.options
    wish = Wish(chosen(options.to), options.steps, options.seed, options.install, options.processes)
    lost = [
        Artifact(
            side=name,
            target=target.name,
            title=target.title,
            verdict="refused",
            why=f"the side itself failed: {why}",
        )
        for name, why in failed.items()
        for target in wish.targets
    ]
    sides = [
        Deployed(
            subject.name,
            subject.file.framework,
            subject.file.descriptor.title,
            replace(job.spec(subject.file), view=json.dumps(subject.said["view"]), threads=options.threads),
            job.identity(subject.file),
        )
        for subject in subjects
    ]
    return (*deploy(sides, wish, job.folder, job.trials, progress), *lost)


def check_deployment(options: CompareOptions, *, every: bool) -> None:
    """See that what was asked for is there, before anything is done.

    Args:
        options: of the job.
        every: whether naming no target means all of them.

    Raises:
        InputError: there is no such target, or a load and no server to put under it.
    """
    asked = chosen(options.to) if every or options.to else ()
    if options.load and not any(one.serves for one in asked):
        raise InputError(
            "There is no server to put under load.",
            where="--load",
            expected=f"one of these targets: {', '.join(one.name for one in targets().values() if one.serves)}",
            received=f"--to {','.join(options.to)}" if options.to else "no --to",
            next_step="add a server to --to, or leave --load out",
        )


def loaded(job: Job, artifacts: Sequence[Artifact], progress: Progress) -> Load | None:
    """Servers under load, where that was asked for."""
    options = job.options
    if not options.load:
        return None
    wanted = Wanted(options.load_rates, options.load_seconds, options.seed)
    return under_load(artifacts, chosen(options.to), wanted, job.folder, job.trials, progress)
