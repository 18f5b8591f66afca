"""`LAYER.depth=1..16`: how often a layer of a task stands in a row; it must give what it takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from paragone.measure.sweep.axes.base import Axis, Setting, task_of
from paragone.measure.sweep.layers import layer_of, with_layers
from paragone.task.schema import Layer, Task


def at(setting: Setting, text: str, size: int) -> Setting:
    """The layer so many times, each with weights of its own."""
    task, name = task_of(setting, text), text.removesuffix(".depth")
    layer_of(task, name)
    last = _name(name, size)
    layers = tuple(one for layer in task.model.layers for one in _in_a_row(layer, name, size, last))
    changed = with_layers(task, layers)
    return replace(setting, task=_outputs(changed, name, last) if size > 1 else task)


def _in_a_row(layer: Layer, name: str, size: int, last: str) -> Iterator[Layer]:
    if layer.name != name:
        yield layer.model_copy(update={"input": tuple(last if one == name else one for one in layer.input)})
        return
    yield layer
    for place in range(2, size + 1):
        yield layer.model_copy(update={"name": _name(name, place), "input": (_name(name, place - 1),)})


def _name(name: str, place: int) -> str:
    return name if place == 1 else f"{name}_{place}"


def _outputs(task: Task, name: str, last: str) -> Task:
    """What named the layer as an output names the last of the row."""
    outputs = tuple(last if one == name else one for one in task.model.outputs)

    def moved(part: Any) -> Any:
        return part.model_copy(update={"output": last}) if part.output == name else part

    return task.model_copy(
        update={
            "model": task.model.model_copy(update={"outputs": outputs}),
            "loss": tuple(map(moved, task.loss)),
            "metrics": tuple(map(moved, task.metrics)),
        }
    )


AXIS = Axis(
    form="LAYER.depth",
    takes=re.compile(r"\w+\.depth"),
    at=at,
    called=lambda text: f"number of layers {text.removesuffix('.depth')}",
    counted=lambda text: f"layer {text.removesuffix('.depth')}",
    place=4,
    of_task=True,
)
