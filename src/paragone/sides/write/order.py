"""The order in which the uses of one object run, where it matters."""

from __future__ import annotations

from paragone.task.graph import Graph, Node


def unordered_use(graph: Graph, node: Node) -> str:
    """An earlier use of a node's object that it does not depend on, where each use moves running statistics.

    Keras runs the layers of a functional model by their distance from the outputs, and those of one distance in an
    order of its own (keras/src/ops/function.py, map_graph, 3.15); PyTorch and JAX run them as they are written.

    Returns:
        Its name; empty if there is none.
    """
    if not node.shares or all(weight.trainable for weight in graph.node(node.shares).weights):
        return ""
    before = _before(graph, node)
    for one in graph.nodes[: graph.nodes.index(node)]:
        if node.shares in {one.name, one.shares} and one.name not in before:
            return one.name
    return ""


def _before(graph: Graph, node: Node) -> set[str]:
    """All that a node depends on."""
    found: set[str] = set()
    waiting = [*node.inputs]
    while waiting:
        if (name := waiting.pop()) not in found:
            found.add(name)
            waiting += () if name in graph.inputs else graph.node(name).inputs
    return found
