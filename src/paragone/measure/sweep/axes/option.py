"""`LAYER.OPTION=16..1024`: a number of a layer, such as `hidden.units`; of several that must agree with `+` between."""

from __future__ import annotations

import re
from dataclasses import replace

from paragone.errors import InputError
from paragone.measure.sweep.axes.base import Axis, Setting, task_of
from paragone.measure.sweep.layers import layer_of, numbers_of, with_layers
from paragone.task.schema import Layer, Task
from paragone.task.words import did_you_mean


def at(setting: Setting, text: str, size: int) -> Setting:
    """The task with this number at all places that are named."""
    task = task_of(setting, text)
    for place in text.split("+"):
        name, _, option = place.partition(".")
        task = _changed(task, layer_of(task, name), option, size)
    return replace(setting, task=task)


def _changed(task: Task, layer: Layer, option: str, size: int) -> Task:
    """The task with one whole number of one layer changed.

    Raises:
        InputError: the layer has no such number.
    """
    found = numbers_of(layer)
    if option not in found:
        raise InputError(
            f"The layer '{layer.name}' has no whole number '{option}'.",
            where="--sweep",
            expected=" or ".join(found) or f"another layer: '{layer.name}' has none",
            received=f"{layer.name}.{option}",
            next_step=did_you_mean(option, found) or "sweep a whole number that stands in the task's file",
        )
    changed = layer.model_copy(update={option: size})
    return with_layers(task, [changed if one.name == layer.name else one for one in task.model.layers])


AXIS = Axis(
    form="LAYER.OPTION",
    takes=re.compile(r"\w+\.\w+(\+\w+\.\w+)*"),
    at=at,
    called=lambda text: text.replace("+", " and "),
    counted=lambda text: f"unit of {text.replace('+', ' and ')}",
    place=5,
    of_task=True,
)
