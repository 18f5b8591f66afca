"""The names in a written side."""

from __future__ import annotations

from collections.abc import Container

from paragone.errors import InputError
from paragone.task.check import CheckedTask
from paragone.task.graph import Graph


def variables(graph: Graph) -> dict[str, str]:
    """A variable for each value: `x` along a chain, where nothing else will need the value again."""
    names = {name: name for name in graph.inputs}
    nodes = graph.nodes
    for node, following in zip(nodes, [*nodes[1:], None], strict=True):
        chained = following is not None and following.inputs == (node.name,) and graph.uses[node.name] == 1
        names[node.name] = "x" if chained and node.name not in graph.outputs else node.name
    return names


def check_names(task: CheckedTask, helpers: Container[str], title: str) -> None:
    """Refuse a name that a helper of the side has.

    Args:
        task: what is written.
        helpers: names of functions and classes that the side brings.
        title: of the framework.

    Raises:
        InputError: an input, a layer or a target has the name of one.
    """
    for name in (*task.graph.inputs, *(node.name for node in task.graph.nodes), *task.targets):
        if name in helpers:
            raise InputError(
                f"'{name}' is a function that the side in {title} brings.",
                where=task.task.name or "task",
                expected="another name for an input, a layer or a target",
                received=name,
            )
