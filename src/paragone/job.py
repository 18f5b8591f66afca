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
from paragone.curves import check_place
from paragone.errors import InputError
from paragone.folder import CERTIFICATE, run_folder, save_mapping, save_sides, share_logs
from paragone.inspect_sides import packages_of
from paragone.machine import describe_machine
from paragone.measure.goal import check_goal, goal
from paragone.options import BATCH_SIZE, CompareOptions
from paragone.progress import Progress
from paragone.prove.given_weights import GivenWeights, read_weights
from paragone.records import Machine
from paragone.sides.backends import also_on
from paragone.sides.from_task import task_sides, write_files
from paragone.sides.interpreter import Interpreter, interpreters
from paragone.sides.scan import SideFile, scan_sides
from paragone.spelling.site import Fidelity
from paragone.task.check import CheckedTask
from paragone.task.data.fit import check_fit
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
        task: that the sides were written from, if they were.
    """

    sides: tuple[SideFile, ...]
    data: str | None
    batch_size: int
    absent: tuple[str, ...] = ()
    task: CheckedTask | None = None


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
    pythons: Mapping[str, Interpreter]
    weights: GivenWeights | None = None
    task: CheckedTask | None = None

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
            backend=side.backend,
            scheduler_step=self.options.scheduler_step,
            weight_map=side.weight_map,
            python=str(self.pythons[side.name].path) if side.name in self.pythons else "",
        )

    def identity(self, side: SideFile) -> dict[str, Any]:
        """What a side's results depend on."""
        return {
            "paragone": __version__,
            "code": code_digest(),
            "sha256": side.sha256,
            "selector": side.selector,
            "framework": side.framework,
            "backend": side.backend,
            "packages": dict(self.packages[side.name]),
            "data": self.data.record.sha256,
            "batch_size": self.batch_size,
            "scheduler_step": self.options.scheduler_step,
            "python": self.pythons[side.name].identity() if side.name in self.pythons else {},
        }


@cache
def code_digest() -> str:
    """SHA-256 of this package's own code, so that a finished trial of other code is not taken for one of this."""
    digester = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digester.update(path.read_bytes())
    return digester.hexdigest()


def wanted(options: CompareOptions, least: int = 2) -> Wanted:
    """The sides that were named, or those of the task that was named; so many at least.

    Raises:
        InputError: a file or a task cannot be used, or tasks and sides were mixed.
    """
    tasks = [argument for argument in options.sides if is_task(argument)]
    beside = len(options.keras_backend)
    if not tasks:
        sides = also_on(scan_sides(options.sides, least=max(1, least - beside)), options.keras_backend)
        return Wanted(sides, options.data, options.batch_size or BATCH_SIZE)
    if len(options.sides) > 1:
        raise InputError(
            "A task stands for all its sides.",
            where="SIDE",
            expected="one task alone, or sides",
            received=", ".join(options.sides),
        )
    fidelity: Fidelity = "plain" if options.fidelity == "plain" else "matched"
    found = task_sides(tasks[0], fidelity, options.folder / WRITTEN, least=max(1, least - beside))
    batch_size = options.batch_size or found.task.task.training.batch_size
    return Wanted(
        also_on(found.sides, options.keras_backend), options.data or found.data, batch_size, found.absent, found.task
    )


@contextmanager
def open_job(options: CompareOptions, progress: Progress, *, least: int = 2) -> Iterator[Job]:
    """Look at everything that was given, and fill the run's folder; it is this process' own while the block runs.

    Args:
        options: what was asked for.
        progress: where the stages report to.
        least: how many sides are needed.

    Raises:
        InputError: something that was given cannot be used.
    """
    progress.stage("look", 3)
    if options.tensorboard is not None:
        check_place(options.tensorboard)
    given = wanted(options, least)
    for line in given.absent:
        progress.say(line)
    pythons = interpreters(options.python, given.sides)
    packages = {side.name: packages_of(side, pythons.get(side.name)) for side in given.sides}
    ours = (table for name, table in packages.items() if name not in pythons)
    machine = describe_machine({name: v for table in ours for name, v in table.items()})
    weights = read_weights(options.weights) if options.weights is not None else None
    progress.advance(1, "reading the data")
    data = load_data(given.data, seed=options.seed)
    if options.until:
        check_goal(goal(options.until), data.record.n_classes, data.arrays)
    if given.task is not None:
        check_fit(given.task, data.arrays, Path(options.sides[0]).name)
    progress.advance(1)
    with run_folder(options.folder, fresh=options.fresh) as folder:
        (folder / CERTIFICATE).unlink(missing_ok=True)  # from here on the folder is no longer what it was
        data.save(folder / "data.safetensors")
        write_files([side for side in given.sides if side.weight_map])
        save_sides(folder, given.sides)
        save_mapping(folder, options.mapping)
        progress.advance(1)
        try:
            checked = options, given.sides, packages, data, given.batch_size, machine, folder
            yield Job(*checked, Trials(folder), pythons, weights, given.task)
        finally:
            share_logs(folder)
