"""Write a task as a side of one framework."""

from __future__ import annotations

from importlib import import_module

from paragone.errors import InputError
from paragone.frameworks.registry import frameworks
from paragone.sides.write.recipe import WrittenSide
from paragone.spelling.site import Fidelity
from paragone.task.check import CheckedTask


def write_side(task: CheckedTask, framework: str, fidelity: Fidelity) -> WrittenSide:
    """The side that an expert of the framework would write.

    Args:
        task: checked.
        framework: its id.
        fidelity: `plain` takes the framework's defaults and idiom; `matched` computes the same everywhere.

    Raises:
        InputError: the framework cannot express a part of the task, or has no recipe.
    """
    descriptor = frameworks()[framework]
    if not descriptor.recipe:
        raise InputError(
            f"Sides in {descriptor.title} cannot be written.",
            where=framework,
            expected="a framework with a recipe",
            received="one without",
        )
    written: WrittenSide = import_module(descriptor.recipe).RECIPE(task, fidelity).write()
    return written
