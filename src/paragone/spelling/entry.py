"""What makes a layer, an activation, a loss or an optimizer a word of task files: its options and its meaning."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import Field

from paragone.initialisers.base import Start
from paragone.task.strict import Strict
from paragone.task.tensor import Tensor

Size = Annotated[int, Field(gt=0, le=2**20, strict=True)]
"""A number of units, channels, steps: at least 1."""
Rate = Annotated[float, Field(ge=0, lt=1)]
"""A share from 0 to below 1."""
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
PerAxis = Size | tuple[Size, ...]
"""One number for every spatial axis, or one for each."""


class Options(Strict):
    """The options of a word; a subclass lists them as fields, with types, bounds and defaults."""


class NoOptions(Options):
    """A word without options."""


class UnfitError(ValueError):
    """A layer cannot take its inputs, or its options do not go together.

    Args:
        expected: what it could take.
        received: what it was given.
        option: the option at fault, if it is one.
    """

    def __init__(self, expected: str, received: str, option: str = ""):
        self.expected = expected
        self.received = received
        self.option = option
        super().__init__(f"expected {expected}, received {received}")


@dataclass(frozen=True)
class CanonicalWeight:
    """One weight of a layer, as the task defines it.

    Args:
        role: name with its layout, for example `kernel_hwio`.
        shape: in that layout.
        start: how it starts where the task says nothing.
        option: the option of a task file that chooses another start: `kernel_initializer`.
        trainable: False for a running statistic.
        regularised: `l1` and `l2` of the layer hold for it.
    """

    role: str
    shape: tuple[int, ...]
    start: Start
    option: str = ""
    trainable: bool = True
    regularised: bool = False


def _no_weights(_options: Any, _inputs: tuple[Tensor, ...]) -> tuple[CanonicalWeight, ...]:
    return ()


@dataclass(frozen=True)
class Entry:
    """A layer as a word of task files.

    Args:
        computes: the formula, in one line.
        options: their model.
        output: the output's shape from options and inputs; raises `UnfitError`.
        weights: the canonical weights from options and inputs.
        n_inputs: least and most inputs; None for any number.
        function: an activation, which `activation = "…"` of a layer may name.
        rows: rows of the catalogue of traps that it meets.
        examples: tables for the manual and the tests: options, and `shape` (or `shapes`, `kinds`) of the inputs.
    """

    computes: str
    options: type[Options]
    output: Callable[[Any, tuple[Tensor, ...]], Tensor]
    weights: Callable[[Any, tuple[Tensor, ...]], tuple[CanonicalWeight, ...]] = _no_weights
    n_inputs: tuple[int, int | None] = (1, 1)
    function: bool = False
    rows: tuple[str, ...] = ()
    examples: tuple[Mapping[str, Any], ...] = field(default=())


def same_shape(_options: Any, inputs: tuple[Tensor, ...]) -> Tensor:
    """The output of a layer that works on floating numbers, element by element.

    Raises:
        UnfitError: they are others.
    """
    check_floating(*inputs)
    return inputs[0]


def check_floating(*inputs: Tensor) -> None:
    """Refuse whole numbers and truth values.

    Raises:
        UnfitError: one of the inputs has them.
    """
    for tensor in inputs:
        if tensor.kind != "float":
            raise UnfitError("an input of floating numbers", tensor.words())


def per_axis(value: int | tuple[int, ...], rank: int, option: str) -> tuple[int, ...]:
    """One number for each of `rank` axes.

    Raises:
        UnfitError: another number of them was given.
    """
    if isinstance(value, int):
        return (value,) * rank
    if len(value) != rank:
        raise UnfitError(f"one number, or {rank}: one for each spatial axis", f"{len(value)} numbers", option)
    return value
