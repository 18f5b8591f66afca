"""The model of a task as a checked graph: every word known, every shape fitting, in an order in which it can run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any

from paragone.errors import InputError
from paragone.initialisers import initialiser_kinds
from paragone.initialisers.base import Start
from paragone.layers import functions, layer_kinds
from paragone.layers.base import LayerKind
from paragone.spelling.entry import CanonicalWeight, Entry, UnfitError
from paragone.task.limits import check_inputs, check_output, check_weights
from paragone.task.said import check_unique, values_before
from paragone.task.schema import Layer, Model, Word
from paragone.task.tensor import Tensor
from paragone.task.words import did_you_mean, look_up, read_options, short, unfit

_OTHER_FIELDS = ("activation", "input", "shares", "l1", "l2", "kernel_initializer", "bias_initializer")
"""Fields of a layer that are no options of its kind."""
_RANKED = re.compile(r"(.+?)_?([123])d")
"""Names such as `conv2d`: the layer `conv`, which then must have two spatial axes."""


@dataclass(frozen=True)
class Act:
    """An activation that follows a layer."""

    kind: LayerKind
    options: Any


@dataclass(frozen=True)
class Node:
    """One layer, checked.

    Args:
        name: of the node and of its output.
        kind: the layer.
        options: in their form.
        inputs: names of nodes or of the model's inputs.
        taken: what they are.
        output: what it gives.
        weights: its canonical weights; empty for a layer that shares those of another.
        activation: what follows.
        shares: the layer whose object is used.
        l1: strength of the L1 penalty on its kernels.
        l2: strength of the L2 penalty.
    """

    name: str
    kind: LayerKind
    options: Any
    inputs: tuple[str, ...]
    taken: tuple[Tensor, ...]
    output: Tensor
    weights: tuple[CanonicalWeight, ...] = ()
    activation: Act | None = None
    shares: str = ""
    l1: float = 0.0
    l2: float = 0.0

    @property
    def entry(self) -> Entry:
        """What the layer is as a word of task files."""
        assert self.kind.entry is not None
        return self.kind.entry


@dataclass(frozen=True)
class Graph:
    """The model, checked.

    Args:
        inputs: the model's inputs by name.
        nodes: in an order in which each comes after its inputs.
        outputs: names of nodes.
    """

    inputs: dict[str, Tensor]
    nodes: tuple[Node, ...]
    outputs: tuple[str, ...]

    def tensor(self, name: str) -> Tensor:
        """What an input or a node gives."""
        return self.inputs[name] if name in self.inputs else self.node(name).output

    def node(self, name: str) -> Node:
        """A node by its name."""
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> dict[str, Node]:
        return {node.name: node for node in self.nodes}

    @cached_property
    def uses(self) -> Counter[str]:
        """How often an input or a node is taken as an input or an output."""
        return Counter([*(name for node in self.nodes for name in node.inputs), *self.outputs])


def entries() -> Mapping[str, LayerKind]:
    """The layers and activations that task files may name."""
    return layer_kinds()


def check_graph(model: Model, where: str) -> Graph:
    """Bring a model to order and check every shape.

    Raises:
        InputError: an unknown name, a cycle, options or shapes that do not fit.
    """
    inputs = {item.name: Tensor(item.shape, item.kind) for item in model.inputs}
    check_inputs(inputs, f"{where}.inputs")
    check_unique(model, where)
    linked = _link(model, inputs, where)
    done: dict[str, Node] = {}
    known = dict(inputs)
    places = {layer.name: f"{where}.layers[{index}] ({layer.name})" for index, layer in enumerate(model.layers)}
    for name in _order(linked, where):
        layer, taken = linked[name]
        done[name] = _node(layer, taken, known, done, places[name])
        known[name] = done[name].output
    outputs = _outputs(model, known, where)
    _check_used(model, linked, outputs, where)
    return Graph(inputs, tuple(done.values()), outputs)


def _link(model: Model, inputs: dict[str, Tensor], where: str) -> dict[str, tuple[Layer, tuple[str, ...]]]:
    """Every layer with the names of its inputs."""
    before, linked = model.inputs[0].name, {}
    known = {*inputs, *(layer.name for layer in model.layers)}
    for index, layer in enumerate(model.layers):
        place = f"{where}.layers[{index}] ({layer.name})"
        if index == 0 and not layer.input and len(inputs) > 1:
            raise InputError(
                f"It is not said which input '{layer.name}' takes.",
                where=f"{place}.input",
                expected=f"one of {', '.join(inputs)}",
                received="nothing",
            )
        taken = layer.input or (before,)
        for name in taken:
            if name not in known:
                raise InputError(
                    f"'{layer.name}' takes '{short(name)}', which there is not.",
                    where=f"{place}.input",
                    expected=f"a layer or one of the inputs {', '.join(inputs)}",
                    received=short(name),
                    next_step=did_you_mean(name, known),
                )
        linked[layer.name] = (layer, taken)
        before = layer.name
    return linked


def _order(linked: dict[str, tuple[Layer, tuple[str, ...]]], where: str) -> Iterator[str]:
    graph = {name: [*taken, *([layer.shares] if layer.shares else [])] for name, (layer, taken) in linked.items()}
    sorter = TopologicalSorter(graph)
    try:
        ordered = list(sorter.static_order())
    except CycleError as error:
        around = [str(name) for name in reversed(error.args[1])]
        raise InputError(
            "The model goes in a circle.",
            where=f"{where}.layers",
            expected="layers that do not depend on their own outputs",
            received=short(" → ".join(around)) if len(around) > 12 else " → ".join(around),
            next_step="take the input of one of these from elsewhere",
        ) from None
    position = {name: index for index, name in enumerate(linked)}
    return iter(_stable([name for name in ordered if name in linked], graph, position))


def _stable(ordered: list[str], graph: dict[str, list[str]], position: dict[str, int]) -> list[str]:
    """The order of the file, wherever it is one in which the model can run."""
    by_file = sorted(ordered, key=lambda name: position[name])
    seen: set[str] = set()
    for name in by_file:
        if any(taken in position and taken not in seen for taken in graph[name]):
            return ordered
        seen.add(name)
    return by_file


def _node(layer: Layer, taken: tuple[str, ...], known: dict[str, Tensor], done: dict[str, Node], place: str) -> Node:
    kind, rank = kind_named(layer.kind, f"{place}.kind")
    entry = kind.entry
    assert entry is not None
    tensors = tuple(known[name] for name in taken)
    _check_count(layer, entry, tensors, place)
    if layer.shares:
        return _sharing(layer, taken, known, kind, done, place)
    given, starts = _split_starts(layer.options, entry, place)
    options = read_options(entry.options, given, f"'{layer.name}' ({kind.name})", place, _OTHER_FIELDS)
    output = _fitted(kind, options, taken, known, done, place, rank)
    weights = tuple(_started(weight, starts, place) for weight in entry.weights(options, tensors))
    check_weights(weights, layer.name, place)
    unused = set(starts) - {weight.option for weight in weights}
    if unused:
        raise InputError(
            f"'{layer.name}' has no weight that {min(unused)} could start.",
            where=f"{place}.{min(unused)}",
            expected=", ".join(sorted({weight.option for weight in weights if weight.option})) or "no initialiser",
            received=min(unused),
        )
    act = _activation(layer.activation, output, f"{place}.activation")
    if (layer.l1 or layer.l2) and not any(weight.regularised for weight in weights):
        raise InputError(
            f"'{layer.name}' has no kernel to keep small.",
            where=f"{place}.{'l1' if layer.l1 else 'l2'}",
            expected="a layer with a kernel",
            received=kind.name,
        )
    return Node(layer.name, kind, options, taken, tensors, output, weights, act, "", layer.l1, layer.l2)


def kind_named(name: str, where: str) -> tuple[LayerKind, int | None]:
    """The layer of this name, and the number of spatial axes that the name itself asks for (`conv2d`)."""
    table = entries()
    match = _RANKED.fullmatch(name)
    if name not in table and match and match[1] in table:
        return table[match[1]], int(match[2])
    return look_up(table, name, "layer", where), None


def _check_count(layer: Layer, entry: Entry, tensors: tuple[Tensor, ...], place: str) -> None:
    low, high = entry.n_inputs
    if len(tensors) < low or (high is not None and len(tensors) > high):
        wanted = str(low) if low == high else f"at least {low}" if high is None else f"{low} to {high}"
        raise InputError(
            f"'{layer.name}' takes another number of inputs.",
            where=f"{place}.input",
            expected=f"{wanted} input{'s' if wanted != '1' else ''}",
            received=f"{len(tensors)}",
        )


def _fitted(
    kind: LayerKind,
    options: Any,
    taken: tuple[str, ...],
    known: dict[str, Tensor],
    done: dict[str, Node],
    place: str,
    rank: int | None,
) -> Tensor:
    assert kind.entry is not None
    tensors = tuple(known[name] for name in taken)
    try:
        if rank is not None and len(tensors[0].shape) != rank + 1:
            raise UnfitError(f"an input with {rank} spatial axes and channels", tensors[0].words())
        output = kind.entry.output(options, tensors)
        check_output(output, tensors)
        return output
    except UnfitError as error:
        step = values_before(taken, known, {name: node.inputs for name, node in done.items()})
        came = " and ".join(f"{name} gives {known[name].words()}" for name in taken)
        raise unfit(error, f"A layer of kind {kind.name} does not fit here: {came}.", place, step) from None


def _split_starts(given: dict[str, Any], entry: Entry, place: str) -> tuple[dict[str, Any], dict[str, Start]]:
    """The layer's own options, and the initialisers among them."""
    starts = {
        name: _start(value, f"{place}.{name}")
        for name, value in given.items()
        if name.endswith("_initializer") and name not in entry.options.model_fields
    }
    return {name: value for name, value in given.items() if name not in starts}, starts


def _start(value: Any, place: str) -> Start:
    given = {"kind": value} if isinstance(value, str) else value
    if not isinstance(given, dict) or not isinstance(given.get("kind"), str):
        raise InputError(
            "An initialiser cannot be read.",
            where=place,
            expected='a name, or a table such as { kind = "normal", stddev = 0.02 }',
            received=short(value),
        )
    kind = look_up(initialiser_kinds(), given["kind"], "initialiser", place)
    options = read_options(
        kind.options, {k: v for k, v in given.items() if k != "kind"}, f"the initialiser {kind.name}", place
    )
    return Start(kind.name, options=options.model_dump(), chosen=True)


def _started(weight: CanonicalWeight, starts: dict[str, Start], place: str) -> CanonicalWeight:
    chosen = starts.get(weight.option) if weight.option else None
    if chosen is None:
        return weight
    if chosen.name == "orthogonal" and len(weight.shape) < 2:
        raise InputError(
            f"A vector cannot start {chosen.name}.",
            where=f"{place}.{weight.option}",
            expected="a matrix, or another initialiser",
            received=f"{weight.role} of {len(weight.shape)} axis",
        )
    return replace(weight, start=replace(chosen, fan_in=weight.start.fan_in, fan_out=weight.start.fan_out))


def _activation(word: Word | None, output: Tensor, place: str) -> Act | None:
    if word is None:
        return None
    found = entries().get(word.kind)
    if found is None or found.entry is None or not found.entry.function:
        found = look_up({name: entries()[name] for name in functions()}, word.kind, "activation", place)
    kind = found
    assert kind.entry is not None
    options = read_options(kind.entry.options, word.options, f"the activation {kind.name}", place)
    try:
        kind.entry.output(options, (output,))
    except UnfitError as error:
        raise unfit(error, f"The activation {kind.name} does not fit here.", place) from None
    return Act(kind, options)


def _sharing(
    layer: Layer,
    taken: tuple[str, ...],
    known: dict[str, Tensor],
    kind: LayerKind,
    done: dict[str, Node],
    place: str,
) -> Node:
    owner = done.get(layer.shares)
    if owner is None:
        raise InputError(
            f"'{layer.name}' shares the weights of '{short(layer.shares)}', which there is not.",
            where=f"{place}.shares",
            expected="the name of a layer",
            received=short(layer.shares),
            next_step=did_you_mean(layer.shares, done),
        )
    more = [*layer.options, *(name for name in ("l1", "l2") if getattr(layer, name))]
    if owner.kind is not kind or more or owner.shares:
        why = f"which shares those of '{owner.shares}' itself" if owner.shares else "but says more than that"
        raise InputError(
            f"'{layer.name}' shares the weights of '{owner.name}', {why}.",
            where=place,
            expected=f'kind = "{owner.kind.name}", shares = "{owner.shares or owner.name}" and no options of its own',
            received=", ".join([f'kind = "{kind.name}", shares = "{owner.name}"', *more]),
        )
    output = _fitted(kind, owner.options, taken, known, done, place, None)
    tensors = tuple(known[name] for name in taken)
    shapes = [weight.shape for weight in owner.entry.weights(owner.options, tensors)]
    if shapes != [weight.shape for weight in owner.weights]:
        raise InputError(
            f"'{layer.name}' cannot use the weights of '{owner.name}'.",
            where=place,
            expected=f"an input like that of {owner.name}: {', '.join(t.words() for t in owner.taken)}",
            received=", ".join(t.words() for t in tensors),
        )
    act = _activation(layer.activation, output, f"{place}.activation") if layer.activation else owner.activation
    return Node(layer.name, kind, owner.options, taken, tensors, output, (), act, owner.name)


def _outputs(model: Model, known: dict[str, Tensor], where: str) -> tuple[str, ...]:
    names = model.outputs or (model.layers[-1].name,)
    for index, name in enumerate(names):
        if name not in known or name in {item.name for item in model.inputs}:
            raise InputError(
                f"The output '{short(name)}' is no layer.",
                where=f"{where}.outputs[{index}]",
                expected="the name of a layer",
                received=short(name),
                next_step=did_you_mean(name, [layer.name for layer in model.layers]),
            )
    if len(set(names)) < len(names):
        raise InputError("An output is named twice.", where=f"{where}.outputs", received=", ".join(names))
    return tuple(names)


def _check_used(
    model: Model, linked: dict[str, tuple[Layer, tuple[str, ...]]], outputs: tuple[str, ...], where: str
) -> None:
    used = {*outputs, *(name for _, taken in linked.values() for name in taken)}
    idle = [name for name in (*(item.name for item in model.inputs), *linked) if name not in used]
    if idle:
        raise InputError(
            f"Nothing takes '{idle[0]}'.",
            where=where,
            expected="every input and layer on a way to an output",
            received=", ".join(idle[:8]),
            next_step=f"name it as an input of a layer or in outputs, or delete {idle[0]}",
        )
