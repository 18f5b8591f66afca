"""A task, checked: every word looked up, every option read, every shape fitting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from paragone.clipping import clipping_kinds
from paragone.clipping.base import ClippingKind
from paragone.errors import InputError
from paragone.losses import loss_kinds
from paragone.losses.base import LossKind
from paragone.metrics import metric_kinds
from paragone.metrics.base import MetricKind
from paragone.optimizers import optimizer_kinds
from paragone.schedules import schedule_kinds
from paragone.schedules.base import ScheduleKind
from paragone.spelling.entry import UnfitError
from paragone.task.graph import Graph, check_graph
from paragone.task.schema import Loss, Metric, Target, Task
from paragone.task.tensor import Tensor
from paragone.task.words import did_you_mean, look_up, read_options, short, unfit


@dataclass(frozen=True)
class Term:
    """One term of the loss: `weight` · loss(output, target), each sample times its number in `sample_weight`."""

    kind: LossKind
    options: Any
    output: str
    target: str
    weight: float
    sample_weight: str = ""


@dataclass(frozen=True)
class Measure:
    """One metric on an output and a target."""

    kind: MetricKind
    output: str
    target: str


@dataclass(frozen=True)
class Chosen:
    """A word with its options: an optimizer, a schedule, a way to clip."""

    kind: Any
    options: Any


@dataclass(frozen=True)
class CheckedTask:
    """A task that can be written in every framework that knows its words.

    Args:
        task: as it was given.
        graph: the model.
        targets: by name, in the order of the data.
        terms: of the loss.
        optimizer: an `OptimizerKind` and its options.
        schedule: a `ScheduleKind` and its options.
        clipping: a `ClippingKind` and its options.
        metrics: what is reported after training.
    """

    task: Task
    graph: Graph
    targets: dict[str, Tensor]
    terms: tuple[Term, ...]
    optimizer: Chosen
    schedule: Chosen | None
    clipping: Chosen | None
    metrics: tuple[Measure, ...]

    @cached_property
    def names(self) -> dict[str, None]:
        """The names of all inputs, layers and targets."""
        return dict.fromkeys((*self.graph.inputs, *(node.name for node in self.graph.nodes), *self.targets))

    @property
    def weighing(self) -> frozenset[str]:
        """The targets that weigh samples and are not learned."""
        return frozenset(term.sample_weight for term in self.terms) - {term.target for term in self.terms}

    @property
    def watches(self) -> bool:
        """Whether the learning rate depends on the losses."""
        return self.schedule is not None and bool(self.schedule.kind.watches)

    @property
    def proportional(self) -> bool:
        """Whether the optimizer's update is proportional to the learning rate."""
        return bool(self.optimizer.kind.entry.proportional(self.optimizer.options))

    @property
    def penalised(self) -> bool:
        """Whether the loss has penalties on kernels."""
        return any(node.l1 or node.l2 for node in self.graph.nodes)


def check_task(task: Task, where: str = "task") -> CheckedTask:
    """Look up every word of a task and check that all fits.

    Raises:
        InputError: the field, what was expected there, and what stands there.
    """
    graph = check_graph(task.model, f"{where}: model")
    _check_learns(graph, where)
    targets = {target.name: Tensor(target.shape, target.kind) for target in task.targets}
    _check_names(task.targets, graph, where)
    wanted = _learned(task, targets)
    terms = tuple(_term(loss, graph, targets, wanted, f"{where}: loss[{i}]") for i, loss in enumerate(task.loss))
    checked = CheckedTask(
        task,
        graph,
        targets,
        terms,
        _optimizer(task, where),
        _chosen(task.schedule, schedule_kinds(), "schedule", where),
        _chosen(task.clipping, clipping_kinds(), "way to clip", where, "clipping"),
        _measures(task, graph, targets, wanted, where),
    )
    _check_first(checked, where)
    return checked


def _check_learns(graph: Graph, where: str) -> None:
    if not any(weight.trainable for node in graph.nodes for weight in node.weights):
        raise InputError(
            "The model has nothing to learn.",
            where=f"{where}: model.layers",
            expected="a layer with weights, such as dense",
            received=short(", ".join(dict.fromkeys(node.kind.name for node in graph.nodes))),
        )


def _check_first(task: CheckedTask, where: str) -> None:
    """The first target says what the data is about: classes or values."""
    first = next(iter(task.targets))
    if first in task.weighing:
        raise InputError(
            f"The first target, '{first}', only weighs samples.",
            where=f"{where}: targets[0]",
            expected="a target that is learned first, and the weights of samples behind it",
            received=", ".join(task.targets),
            next_step="change the order of the targets, and that of the data's y0, y1, … with it",
        )


def _check_names(targets: tuple[Target, ...], graph: Graph, where: str) -> None:
    taken = {*graph.inputs, *(node.name for node in graph.nodes)}
    for index, target in enumerate(targets):
        if target.name in taken:
            raise InputError(
                "A target's name stands for two things.",
                where=f"{where}: targets[{index}].name",
                expected="a name of its own for each input, layer and target",
                received=target.name,
            )
        taken.add(target.name)


def _learned(task: Task, targets: Mapping[str, Tensor]) -> tuple[str, ...]:
    """The targets that are meant where none is named: those that are no weights of samples."""
    weights = {loss.sample_weight for loss in task.loss}
    return tuple(name for name in targets if name not in weights)


def _term(loss: Loss, graph: Graph, targets: Mapping[str, Tensor], learned: tuple[str, ...], where: str) -> Term:
    kind = look_up(loss_kinds(), loss.kind, "loss", f"{where}.kind")
    options = read_options(kind.options, loss.options, f"the loss {kind.name}", where)
    output = _one(loss.output, graph.outputs, "output", where)
    _check_weights_there(loss.sample_weight, targets, f"{where}.sample_weight")
    target = _target(loss.target, targets, learned, where) if kind.takes_target else ""
    if loss.sample_weight:
        _check_weights_fit(loss.sample_weight, target, graph.tensor(output), targets, f"{where}.sample_weight")
    wanted = targets.get(target, graph.tensor(output))
    try:
        kind.check(options, graph.tensor(output), wanted)
    except UnfitError as error:
        text = f"The loss {kind.name} does not fit output '{output}' {graph.tensor(output).words()}"
        raise unfit(error, f"{text} and target '{target}' {wanted.words()}.", where) from None
    return Term(kind, options, output, target, loss.weight, loss.sample_weight)


def _target(name: str, targets: Mapping[str, Tensor], learned: tuple[str, ...], where: str) -> str:
    return _one(name, tuple(targets) if name else learned or tuple(targets), "target", where)


def _check_weights_there(name: str, targets: Mapping[str, Tensor], where: str) -> None:
    if name and name not in targets:
        raise InputError(
            f"The weights of samples '{short(name)}' are not there.",
            where=where,
            expected=f"one of the targets: {', '.join(targets)}",
            received=short(name),
            next_step=did_you_mean(name, targets)
            or f"add a float target of this name, whose numbers are the data's y{len(targets)}",
        )


def _check_weights_fit(name: str, target: str, output: Tensor, targets: Mapping[str, Tensor], where: str) -> None:
    """A target of floating numbers beside the one that is learned: one for each sample, or for each position."""
    shapes = dict.fromkeys([(), output.shape[:-1]])
    expected = f"a float target of shape {' or '.join(Tensor(shape).words() for shape in shapes)}"
    if name == target:
        raise InputError(
            f"'{name}' cannot be learned and weigh the samples in one term.",
            where=where,
            expected=f"another target: {expected}",
            received=name,
            next_step="" if len(targets) > 1 else "add a target, whose numbers are the data's y1",
        )
    if targets[name].kind != "float" or targets[name].shape not in shapes:
        raise InputError(
            f"'{name}' cannot weigh the samples of this term.",
            where=where,
            expected=expected,
            received=f"a target {targets[name].words()}",
        )


def _one(name: str, known: tuple[str, ...], what: str, where: str) -> str:
    if not name and len(known) == 1:
        return known[0]
    if name in known:
        return name
    raise InputError(
        f"The {what} '{short(name)}' is not there." if name else f"It is not said which {what} is meant.",
        where=f"{where}.{what}",
        expected=f"one of {', '.join(known)}",
        received=short(name) or "nothing",
        next_step=did_you_mean(name, known) if name else "",
    )


def _optimizer(task: Task, where: str) -> Chosen:
    kind = look_up(optimizer_kinds(), task.optimizer.kind, "optimizer", f"{where}: optimizer.kind")
    assert kind.entry is not None
    given = task.optimizer.options
    return Chosen(kind, read_options(kind.entry.options, given, f"the optimizer {kind.name}", f"{where}: optimizer"))


def _chosen(
    word: Any, table: Mapping[str, ScheduleKind | ClippingKind], what: str, where: str, field: str = ""
) -> Chosen | None:
    if word is None:
        return None
    place = f"{where}: {field or what}"
    kind = look_up(table, word.kind, what, f"{place}.kind")
    return Chosen(kind, read_options(kind.options, word.options, f"the {what} {kind.name}", place))


def _measures(
    task: Task, graph: Graph, targets: Mapping[str, Tensor], learned: tuple[str, ...], where: str
) -> tuple[Measure, ...]:
    found: list[Measure] = []
    for index, item in enumerate(task.metrics):
        place = f"{where}: metrics[{index}]"
        measure = _measure(item, graph, targets, learned, place)
        if measure in found:
            raise InputError(
                "A metric is named twice.",
                where=place,
                expected="another metric, output or target",
                received=f"{measure.kind.name} of {measure.output} and {measure.target}",
            )
        found.append(measure)
    return tuple(found)


def _measure(
    metric: Metric, graph: Graph, targets: Mapping[str, Tensor], learned: tuple[str, ...], where: str
) -> Measure:
    kind = look_up(metric_kinds(), metric.kind, "metric", f"{where}.kind")
    output = _one(metric.output, graph.outputs, "output", where)
    target = _target(metric.target, targets, learned, where)
    try:
        kind.check(graph.tensor(output), targets[target])
    except UnfitError as error:
        raise unfit(
            error, f"The metric {kind.name} does not fit output '{output}' and target '{target}'.", where
        ) from None
    return Measure(kind, output, target)
