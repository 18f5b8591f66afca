"""What was asked for, checked and ready to begin: the sides, the data, the machine, the run's folder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from paragone import __version__
from paragone.errors import InputError
from paragone.folder import run_folder, save_sides, share_logs
from paragone.inspect_sides import packages_of
from paragone.machine import describe_machine
from paragone.options import BATCH_SIZE, CompareOptions
from paragone.progress import Progress
from paragone.records import Machine
from paragone.sides.from_task import task_sides, write_files
from paragone.sides.scan import SideFile, scan_sides
from paragone.spelling.site import Fidelity
from paragone.task.data.load import LoadedData, load_data
from paragone.task.read import is_task
from paragone.trials import Trials
from paragone.workers.spawn import WorkerSpec

WRITTEN = "written"
"""Folder of a run that takes the sides which were written from a task."""


@dataclass(frozen=True)
class Wanted:
    """What is to be compared.

    Args:
        sides: the sides' files.
        data: the source of the data.
        batch_size: samples a step.
        absent: what was not written from a task, and why.
    """

    sides: tuple[SideFile, ...]
    data: str | None
    batch_size: int
    absent: tuple[str, ...] = ()


@dataclass(frozen=True)
class Job:
    """A comparison that was checked and can begin."""

    options: CompareOptions
    sides: tuple[SideFile, ...]
    packages: Mapping[str, Mapping[str, str]]
    data: LoadedData
    batch_size: int
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
            batch_size=self.batch_size,
            seed=self.options.seed,
            preload=side.preload,
            scheduler_step=self.options.scheduler_step,
            weight_map=side.weight_map,
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
            "batch_size": self.batch_size,
            "scheduler_step": self.options.scheduler_step,
        }


@cache
def _code_digest() -> str:
    """SHA-256 of this package's own code, so that a finished trial of other code is not taken for one of this."""
    digester = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digester.update(path.read_bytes())
    return digester.hexdigest()


def wanted(options: CompareOptions) -> Wanted:
    """The sides that were named, or those of the task that was named.

    Raises:
        InputError: a file or a task cannot be used, or tasks and sides were mixed.
    """
    tasks = [argument for argument in options.sides if is_task(argument)]
    if not tasks:
        return Wanted(tuple(scan_sides(options.sides)), options.data, options.batch_size or BATCH_SIZE)
    if len(options.sides) > 1:
        raise InputError(
            "A task stands for all its sides.",
            where="SIDE",
            expected="one task alone, or sides",
            received=", ".join(options.sides),
        )
    fidelity: Fidelity = "plain" if options.fidelity == "plain" else "matched"
    found = task_sides(tasks[0], fidelity, options.folder / WRITTEN)
    batch_size = options.batch_size or found.task.task.training.batch_size
    return Wanted(found.sides, options.data or found.data, batch_size, found.absent)


@contextmanager
def open_job(options: CompareOptions, progress: Progress) -> Iterator[Job]:
    """Look at everything that was given, and fill the run's folder; it is this process' own while the block runs.

    Raises:
        InputError: something that was given cannot be used.
    """
    progress.stage("look", 3)
    given = wanted(options)
    for line in given.absent:
        progress.say(line)
    packages = {side.name: packages_of(side) for side in given.sides}
    machine = describe_machine({name: v for table in packages.values() for name, v in table.items()})
    progress.advance(1, "reading the data")
    data = load_data(given.data, seed=options.seed)
    progress.advance(1)
    with run_folder(options.folder, fresh=options.fresh) as folder:
        data.save(folder / "data.safetensors")
        write_files([side for side in given.sides if side.weight_map])
        save_sides(folder, given.sides)
        progress.advance(1)
        try:
            yield Job(options, given.sides, packages, data, given.batch_size, machine, folder, Trials(folder))
        finally:
            share_logs(folder)
