"""The names in a written side."""

from __future__ import annotations

from collections.abc import Mapping

from paragone.errors import InputError
from paragone.task.check import CheckedTask
from paragone.task.graph import Graph
from paragone.task.schema import Input, Layer, Target


def variables(graph: Graph) -> dict[str, str]:
    """A variable for each value: `x` along a chain, where nothing else will need the value again."""
    names = {name: name for name in graph.inputs}
    nodes = graph.nodes
    for node, following in zip(nodes, [*nodes[1:], None], strict=True):
        chained = following is not None and following.inputs == (node.name,) and graph.uses[node.name] == 1
        names[node.name] = "x" if chained and node.name not in graph.outputs else node.name
    return names


def free_name(wanted: str, task: CheckedTask) -> str:
    """A name that the task has for nothing else: the wanted one, with as many underscores as that takes."""
    taken = task.names
    while wanted in taken:
        wanted += "_"
    return wanted


def check_names(task: CheckedTask, taken: Mapping[str, str], title: str) -> None:
    """Refuse a name that the side has for something else.

    Args:
        task: what is written.
        taken: what each of the side's own names is.
        title: of the framework.

    Raises:
        InputError: an input, a layer or a target has one of them.
    """
    for name in task.names:
        if name in taken:
            raise InputError(
                f"'{name}' is {taken[name]} in the side in {title}.",
                where=f"{task.task.name or 'task'}: {_place(task, name)}",
                expected="another name for an input, a layer or a target",
                received=name,
            )


def _place(task: CheckedTask, name: str) -> str:
    """The field of the task file that has a name."""
    model = task.task.model
    parts: dict[str, tuple[Input | Layer | Target, ...]] = {
        "model.inputs": model.inputs,
        "model.layers": model.layers,
        "targets": task.task.targets,
    }
    for field, items in parts.items():
        for index, item in enumerate(items):
            if item.name == name:
                return f"{field}[{index}].name"
    return "model"
