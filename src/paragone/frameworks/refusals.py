"""The errors of a side's file that only running it can show, each with what to do about it."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from paragone.errors import NoModelError, SideError
from paragone.sides.execute import Binding


def no_model(path: Path, framework: str, expected: str) -> SideError:
    """No model at the top level of the file."""
    return NoModelError(
        f"{path.name} has no model in {framework}.",
        where=path.name,
        expected=expected,
        received="names in the file: " + (", ".join(public_names(path)) or "none"),
        next_step="make the model at the top level of the file, or name a function: file.py:NAME",
    )


def several_models(path: Path, framework: str, candidates: Sequence[Binding]) -> SideError:
    """More than one model, and no way to tell which is meant."""
    return SideError(
        f"{path.name} has {len(candidates)} models in {framework}, and it is not clear which one is meant.",
        where=path.name,
        expected="one model",
        received="; ".join(f"{item.name} (line {item.first_line})" for item in candidates),
        next_step=f"name it: {path.name}:{candidates[0].name}",
    )


def no_such_name(path: Path, selector: str) -> SideError:
    """`file.py:NAME`, and the file has no NAME."""
    return SideError(
        f"{path.name} has no {selector}.",
        where=f"{path.name}:{selector}",
        expected="a model, or a function that returns model, loss and optimizer",
        received="names in the file: " + (", ".join(public_names(path)) or "none"),
    )


def no_model_of_that_name(path: Path, selector: str, parts: Sequence[Any]) -> SideError:
    """NAME is there, but it is no model and returns none."""
    return SideError(
        f"{selector} is no model of this framework, and returns none.",
        where=f"{path.name}:{selector}",
        expected="a model, or a function that returns model, loss and optimizer",
        received=", ".join(type(part).__name__ for part in parts),
        next_step="name another one: " + (", ".join(public_names(path)) or "the file has none"),
    )


def incomplete(path: Path, framework: str, what: str, expected: str, next_step: str) -> SideError:
    """A model without loss or optimizer."""
    return SideError(
        f"{path.name} has a model in {framework}, but no {what}.",
        where=path.name,
        expected=expected,
        received="names in the file: " + ", ".join(public_names(path)),
        next_step=next_step,
    )


def trains_on_import(path: Path, line: int | None) -> SideError:
    """The file starts to train while it is read."""
    return SideError(
        f"{path.name} trains when it is imported.",
        where=f"{path.name}, line {line}",
        expected="a file that only builds model, loss and optimizer when it is imported",
        next_step='put the training under `if __name__ == "__main__":`',
    )


def labels_out_of_range(path: Path, n_outputs: int, n_classes: int) -> SideError:
    """The data has more classes than the model has outputs."""
    return SideError(
        "The labels are out of the range of the model's outputs.",
        where=path.name,
        expected=f"labels from 0 to {n_outputs - 1}: the model has {n_outputs} outputs",
        received=f"labels up to {n_classes - 1} in the data",
        next_step=f"give the last layer {n_classes} outputs, or check the labels",
    )


def needs_arguments(path: Path, selector: str, received: str) -> SideError:
    """NAME is a function that cannot be called without arguments."""
    return SideError(
        f"{selector} cannot be called without arguments.",
        where=f"{path.name}:{selector}",
        expected="a function without arguments that returns model, loss and optimizer",
        received=received,
        next_step="give its arguments defaults, or name a function that calls it",
    )


def misfit(path: Path, takes: str, shapes: str, tried: Sequence[str], error: Exception) -> SideError:
    """No form of the data fits the model; `takes` is what the model says it takes."""
    forms = f" (a sample was tried {', '.join(tried)})" if len(tried) > 1 else ""
    return SideError(
        "The data does not fit the model.",
        where=path.name,
        expected=takes,
        received=f"x of shape {shapes}{forms}",
        next_step=f"change the model's first layer or the data; the framework said: {_first_line(error)}",
    )


_SHAPES = re.compile(
    r"\b(shapes?|sizes?|dimensions?|axis|axes|rank|ndim|broadcast\w*|mat[12]|reshape)\b", re.IGNORECASE
)


def about_shapes(error: Exception) -> bool:
    """Whether a framework complains about shapes, by its words: no framework has a type of exception for that."""
    return bool(_SHAPES.search(str(error)))


def public_names(path: Path) -> list[str]:
    """What the file defines at its top level."""
    tree = ast.parse(path.read_text(encoding="utf-8-sig"))
    names = [node.name for node in tree.body if isinstance(node, (ast.ClassDef, ast.FunctionDef))]
    return names + [
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]


def _first_line(error: BaseException) -> str:
    lines = [line for line in str(error).strip().splitlines() if line.strip()]
    return (lines[0] if lines else type(error).__name__)[:240]
