"""The layers of a task, by name, for axes that change them."""

from __future__ import annotations

from collections.abc import Sequence

from paragone.errors import InputError
from paragone.task.schema import Layer, Task
from paragone.task.words import did_you_mean


def layer_of(task: Task, name: str) -> Layer:
    """A layer of a task.

    Raises:
        InputError: there is none of this name.
    """
    layers = {layer.name: layer for layer in task.model.layers}
    if name not in layers:
        raise InputError(
            f"The task has no layer '{name}'.",
            where="--sweep",
            expected=f"one of {', '.join(layers)}",
            received=name,
            next_step=did_you_mean(name, layers) or "paragone show TASK shows its layers",
        )
    return layers[name]


def numbers_of(layer: Layer) -> tuple[str, ...]:
    """The options of a layer that stand in the task as whole numbers."""
    return tuple(
        name for name, value in layer.options.items() if isinstance(value, int) and not isinstance(value, bool)
    )


def with_layers(task: Task, layers: Sequence[Layer]) -> Task:
    """The task with other layers."""
    return task.model_copy(update={"model": task.model.model_copy(update={"layers": tuple(layers)})})
