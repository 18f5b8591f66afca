"""The task, the machine, the versions, and how to run it all again."""

from __future__ import annotations

from dataclasses import dataclass

from paragone.records import Data, Machine, Run, Task
from paragone.report.figures import count, number, seconds, size
from paragone.report.phrases import Figure, Phrase, linked
from paragone.report.samples.facts import MACHINE, RUN
from paragone.report.sections.sides import framework_text
from paragone.report.views import TableView, cell

Facts = tuple[tuple[str, Phrase], ...]


@dataclass(frozen=True)
class MachineView:
    """The section."""

    task: Facts
    machine: Facts
    versions: TableView
    command: str
    options: TableView | None
    requirements: str


def machine_view(run: Run) -> MachineView:
    """Everything that is needed to make this run again."""
    options = tuple((cell(name), cell(_option(value))) for name, value in run.reproduce.options.items())
    return MachineView(
        task=tuple((name, phrase) for name, phrase in _task(run) if phrase != ("",)),
        machine=tuple(_machine(run.machine, run)),
        versions=TableView("Versions", ("package", "version"), _versions(run)),
        command=run.reproduce.command,
        options=TableView("Options", ("option", "value"), options) if options else None,
        requirements="\n".join(run.reproduce.requirements),
    )


def _option(value: object) -> str:
    return "not given" if value is None else str(value)


def _task(run: Run) -> list[tuple[str, Phrase]]:
    task, data = run.task, run.task.data
    kind = f"{data.kind} in {count(data.n_classes, 'class', 'classes')}" if data.n_classes else data.kind
    return [
        ("task", (f"{task.name}, {kind}",)),
        ("data", (data.source,)),
        ("samples", (Figure(f"{data.n_train:,}", RUN), " to train, ", Figure(f"{data.n_test:,}", RUN), " to test")),
        ("split", linked(data.split, RUN)),
        ("arrays", (_arrays(data),)),
        ("training", _training(task)),
        ("seed", (Figure(str(task.seed), RUN),)),
        ("about the data", linked(data.notice, RUN) or ("",)),
    ]


def _training(task: Task) -> Phrase:
    """A timing alone has no number of steps."""
    size = Figure(str(task.batch_size), RUN)
    return (Figure(count(task.steps, "step"), RUN), " of batches of ", size) if task.steps else ("batches of ", size)


def _arrays(data: Data) -> str:
    return "; ".join(f"{one.name} {' × '.join(map(str, one.shape))} {one.dtype}" for one in data.arrays)


def _machine(machine: Machine, run: Run) -> list[tuple[str, Phrase]]:
    return [
        ("processor", (f"{machine.cpu}, ", Figure(count(machine.cores, "core"), MACHINE))),
        ("frequency governor", (machine.governor or "not told",)),
        ("memory", (Figure(size(machine.memory_bytes), MACHINE),)),
        ("accelerators", (", ".join(machine.accelerators) or "none",)),
        ("system", (f"{machine.system}, Python {machine.python}",)),
        ("load before", (Figure(number(machine.load_before), MACHINE),)),
        ("made", (_date(run.created), " in ", Figure(seconds(run.duration_s), RUN), f", by Paragone {run.paragone}")),
    ]


def _date(created: str) -> str:
    """`2026-01-05 10:00 UTC` of an ISO time in UTC; any other text as it is."""
    is_utc = created.endswith(("Z", "+00:00")) and created[10:11] == "T"
    return f"{created[:10]} {created[11:16]} UTC" if is_utc else created


def _versions(run: Run) -> tuple[tuple[Phrase, ...], ...]:
    sides = tuple((cell(side.name), cell(framework_text(side))) for side in run.sides)
    return (*sides, *((cell(name), cell(version)) for name, version in run.machine.packages.items()))
