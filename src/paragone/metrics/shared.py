"""Which arrays fit metrics of several files."""

from __future__ import annotations

from paragone.spelling.entry import UnfitError
from paragone.task.tensor import Tensor


def check_same_shape(output: Tensor, target: Tensor) -> None:
    """A target for every number of the output; its last axis may be missing where it has one element."""
    if output.shape not in {target.shape, (*target.shape, 1)}:
        raise UnfitError(f"a target of the output's shape {output.words()}", target.words())


def check_class_numbers(output: Tensor, target: Tensor) -> None:
    """Class numbers, and an output with one number for each class."""
    if target.kind != "int" or not output.shape or output.shape[:-1] != target.shape:
        raise UnfitError("class numbers as targets, and an output with one number for each class", target.words())
