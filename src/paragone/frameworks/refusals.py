"""The errors of a side's file that only running it can show, each with what to do about it."""

from __future__ import annotations

import ast
import re
import traceback
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


def other_form(path: Path, received: str, next_step: str) -> SideError:
    """A model of JAX in another form than a module of NNX."""
    return NoModelError(
        f"{path.name} has a model in jax, but it is no module of Flax NNX.",
        where=path.name,
        expected="an object of a flax.nnx.Module, which knows its parameters by itself",
        received=received,
        next_step=next_step,
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


def moves_in_another_way(path: Path) -> SideError:
    """A step without an optimizer that is no plain gradient descent."""
    return SideError(
        f"{path.name} has no optimizer, and its train_step moves the weights in a way that is not known.",
        where=f"{path.name}: train_step",
        expected="an optimizer, or a train_step that does p -= rate * g with the gradients of the file's loss",
        received="other moves, in its first steps",
        next_step="write the update as an optimizer of its own (a torch.optim.Optimizer, a keras.optimizers.Optimizer, "
        "an optax.GradientTransformation): what it does is then tried and recognised",
    )


def several_optimizers(path: Path, model: str, count: int) -> SideError:
    """A module configures more than one optimizer."""
    return SideError(
        f"{model} configures {count} optimizers.",
        where=f"{path.name}: configure_optimizers",
        expected="one optimizer: the ladder compares one step of training",
        received=f"{count} optimizers",
        next_step="write the whole step as train_step(x, y), with one of them as `optimizer`",
    )


def trains_on_import(path: Path, line: int | None) -> SideError:
    """The file starts to train while it is read."""
    return SideError(
        f"{path.name} trains when it is imported.",
        where=f"{path.name}, line {line}",
        expected="a file that only builds model, loss and optimizer when it is imported",
        next_step='put the training under `if __name__ == "__main__":`',
    )


def check_labels(path: Path, output_shapes: Sequence[tuple[int, ...]], n_classes: int | None) -> None:
    """One output of several classes has one for each class of the data.

    Raises:
        SideError: it has fewer.
    """
    if n_classes is None or len(output_shapes) != 1 or len(output_shapes[0]) != 2:
        return
    if 1 < output_shapes[0][1] < n_classes:
        raise labels_out_of_range(path, output_shapes[0][1], n_classes)


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


def changes_input(path: Path, distance: float) -> SideError:
    """The model writes into the array that it is given."""
    return SideError(
        f"{path.name} changes its input in place.",
        where=path.name,
        expected="a model that leaves its input as it is: the next run on the same batch would see other data",
        received=f"an input that is {distance:.2g} away from what it was, after one run of the model",
        next_step="give a changed value a new name: `x = x / 255` instead of `x /= 255`, `relu` instead of `relu_`",
    )


def draws_at_random(path: Path, what: str, distance: float) -> SideError:
    """The same weights and the same batch give something else when they are run again."""
    return SideError(
        f"{path.name} draws at random: its {what} differ from one run to the next.",
        where=path.name,
        expected="the same twice, from the same weights on the same batch; layers of dropout are switched off for this",
        received=f"two runs that are {distance:.2g} apart",
        next_step="switch the noise off, or seed it inside of the model so that every run draws the same; "
        "a state besides weights and running statistics has the same effect",
    )


def misfit(path: Path, takes: str, shapes: str, tried: Sequence[str], error: Exception) -> SideError:
    """No form of the data fits the model; `takes` is what the model says it takes."""
    forms = f" (a sample was tried {', '.join(tried)})" if len(tried) > 1 else ""
    return SideError(
        "The data does not fit the model.",
        where=path.name,
        expected=takes,
        received=f"x of shape {shapes}{forms}",
        next_step=f"change the model's first layer or the data; the framework said: {telling_line(error)}",
    )


class TargetsRefusedError(Exception):
    """The model takes the inputs, but its loss does not take its outputs with any form of the targets.

    Args:
        outputs: shapes of the outputs.
        error: what the framework said.
    """

    def __init__(self, outputs: Sequence[tuple[int, ...]], error: Exception):
        super().__init__(str(error))
        self.outputs = outputs
        self.error = error


def misfit_of_targets(path: Path, refused: TargetsRefusedError, targets: str, loss: str) -> SideError:
    """The loss cannot be computed from the model's outputs and the data's targets."""
    outputs = ", ".join(map(str, refused.outputs))
    return SideError(
        "The targets do not fit the model's outputs.",
        where=path.name,
        expected=f"targets that {loss} takes beside outputs of shape {outputs}",
        received=f"y of shape {targets}",
        next_step="change the model's last layer, its loss or the data; the framework said: "
        + telling_line(refused.error),
    )


_SHAPES = re.compile(
    r"\b(shapes?|sizes?|dimensions?|axis|axes|rank|ndim|broadcast\w*|mat[12]|reshape)\b", re.IGNORECASE
)


def about_shapes(error: Exception) -> bool:
    """Whether a framework complains about shapes, by its words: no framework has a type of exception for that."""
    return bool(_SHAPES.search(str(error)))


def raised_in(path: Path, error: Exception) -> bool:
    """Whether a statement of the file itself raised, and nothing that it called."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    return bool(frames) and frames[-1].f_code.co_filename == str(path)


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


_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_RAISED = re.compile(r"\s*\w*(Error|Exception): .")
_AROUND = ("in user code:", "Exception encountered when calling")


def telling_line(error: BaseException) -> str:
    """What an error says in one line: AutoGraph and Keras put the line that matters behind others."""
    lines = [line.strip() for line in _COLOURS.sub("", str(error)).splitlines() if line.strip()]
    if not lines:
        return type(error).__name__
    raised = [line for line in lines if _RAISED.match(line)] if lines[0] == _AROUND[0] else []
    inner = [line for line in lines if not line.startswith((*_AROUND, "File "))]
    return (raised[-1] if raised and not raised[-1].startswith(_AROUND[1]) else (inner or lines)[0])[:240]
