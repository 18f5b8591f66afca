"""From a job to its artifacts: which sides go to which targets, and with what."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from paragone.deploy.stage import Deployed, Wish, deploy
from paragone.deploy.target import chosen
from paragone.errors import ParagoneError, reason_of
from paragone.job import Job
from paragone.progress import Progress
from paragone.prove.subject import Subject
from paragone.records import Artifact


def deployed(
    job: Job, subjects: Sequence[Subject], failed: Mapping[str, ParagoneError], progress: Progress
) -> tuple[Artifact, ...]:
    """Every side in every target that was asked for; none arrives of a side that failed before.

    Raises:
        InputError: there is no such target.
    """
    options = job.options
    wish = Wish(chosen(options.to), options.steps, options.seed, options.install)
    lost = [
        Artifact(
            side=name,
            target=target.name,
            title=target.title,
            verdict="refused",
            why=f"the side itself failed: {reason_of(error)}",
        )
        for name, error in failed.items()
        for target in wish.targets
    ]
    sides = [
        Deployed(
            subject.name,
            subject.file.framework,
            replace(job.spec(subject.file), view=json.dumps(subject.said["view"]), threads=options.threads),
            job.identity(subject.file),
        )
        for subject in subjects
    ]
    return (*deploy(sides, wish, job.folder, job.trials, progress), *lost)
