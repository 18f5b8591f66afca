"""How many floating-point operations a training step is, by the convention that papers use.

Counted are matrix products and convolutions, a multiplication and an addition for each product of two numbers; what is
multiplied by padding, by a mask or by zeros counts as well, since it is computed. Not counted are biases, activations,
normalisations, lookups, interpolation, the loss and the optimizer. A training step is three times the forward pass: the
gradients of inputs and of weights are a product each as large as the forward one. (The first layer needs no gradient of
its input, so that this is a little too much.)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from paragone.layers.base import LayerKind, Sizes
from paragone.task.check import CheckedTask
from paragone.task.graph import Node

FLOPS_PER_PRODUCT = 2
FORWARD_AND_BACKWARD = 3


@dataclass(frozen=True)
class Work:
    """The work of a model.

    Args:
        forward_flops: of one sample; None where a layer cannot be counted.
        unknown: which one, and why.
    """

    forward_flops: float | None
    unknown: str = ""

    def step_flops(self, batch_size: int) -> float | None:
        """Of a training step."""
        return None if self.forward_flops is None else FORWARD_AND_BACKWARD * batch_size * self.forward_flops


@dataclass(frozen=True)
class Call:
    """One call of a layer.

    Args:
        name: of the layer, as a person knows it.
        kind: None where it is not known.
        inputs: shapes of its inputs without the batch.
        output: of its output.
        weights: shapes by role.
    """

    name: str
    kind: LayerKind | None
    inputs: tuple[Sizes, ...]
    output: Sizes
    weights: Mapping[str, Sizes]

    def flops(self) -> float | None:
        """Of one sample, forward; None where they cannot be counted."""
        if self.kind is None:
            return None
        if self.kind.products is not None:
            return FLOPS_PER_PRODUCT * self.kind.products(self.inputs, self.output, self.weights)
        return None if any("kernel" in role for role in self.weights) else 0.0


def work_of(calls: Sequence[Call]) -> Work:
    """All calls together; a call that cannot be counted leaves all of it unknown."""
    flops = [call.flops() for call in calls]
    unknown = [call.name for call, one in zip(calls, flops, strict=True) if one is None]
    if unknown:
        return Work(None, f"layer {unknown[0]}")
    return Work(sum(one for one in flops if one is not None))


def work_of_task(task: CheckedTask) -> Work:
    """That of a task's model, which is the same in every framework."""
    return work_of(list(_calls(task.graph.nodes)))


def _calls(nodes: Sequence[Node]) -> Iterator[Call]:
    weights = {node.name: node.weights for node in nodes}
    for node in nodes:
        shapes = {one.role: tuple(one.shape) for one in weights[node.shares or node.name]}
        taken = tuple(one.shape for one in node.taken if one.kind != "bool")
        yield Call(f"{node.name} ({node.kind.name})", node.kind, taken, node.output.shape, shapes)
