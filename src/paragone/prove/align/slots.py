"""A parameter or buffer of one side, as the alignment sees it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from paragone.sides.weight_map import Operation, applied

Shape = tuple[int, ...]
Steps = tuple[Operation, ...]
Role = Literal["kernel", "bias", "scale", "mean", "variance", "vector"]

_NAMES: tuple[tuple[Role, str], ...] = (
    ("variance", r"var(iance)?"),
    ("mean", r"mean|mu"),
    ("bias", r"b[a-z]?\d*|bias|biases|beta|offset|shift"),
    ("scale", r"gamma|scale|gain"),
)
"""Words in the names of attributes. A name decides nothing: it only says what is tried first."""
_MATRIX_NAMES: tuple[tuple[Role, str], ...] = (("bias", r"b[qkvo]|bias|biases"),)
"""Those that say as much of an array of several axes: a bias of each head, the rows of two biases."""


@dataclass(frozen=True)
class Slot:
    """One native array of a side.

    Args:
        path: as the side's framework calls it.
        attribute: the last part of it.
        owner: class of the module that keeps it.
        shape: as the side keeps it.
        order: rank of its first use.
        buffer: nobody trains it.
        frozen: the side does not train it, though it could.
        layer: name of its layer, if that is of a kind that we know.
        kind: that kind.
        known_role: the canonical role there, with its layout.
        steps: from the native array to the canonical weight, as far as it is known.
        line: of the side's file that made the module.
        shared: further paths of the same array.
        piece: where it is only a part of an array: from that array to the part.
        beside: how many layers, with its own, take what its layer takes; 0 where that is not known.
    """

    path: str
    attribute: str
    owner: str
    shape: Shape
    order: int
    buffer: bool = False
    frozen: bool = False
    layer: str = ""
    kind: str = ""
    known_role: str = ""
    steps: Steps = ()
    line: int | None = None
    shared: tuple[str, ...] = ()
    piece: Steps = ()
    beside: int = 0

    @property
    def ref(self) -> tuple[str, Steps]:
        """What it is, in its side."""
        return self.path, self.piece

    @property
    def known(self) -> bool:
        """Whether it belongs to a layer whose layout we know."""
        return bool(self.layer)

    @cached_property
    def module(self) -> str:
        """Path of the module that keeps it."""
        return self.path.removesuffix(self.attribute).rstrip("./")

    @cached_property
    def parent(self) -> str:
        """Path of the module around that; empty for the model."""
        return re.sub(r"[./]?[^./]*$", "", self.module)

    @property
    def size(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)

    @cached_property
    def canonical(self) -> Shape:
        """Shape of the canonical weight, as far as the layout is known."""
        return shape_after(self.shape, self.steps)

    @cached_property
    def role(self) -> Role:
        """What it is for, by its layer or by its name and its axes."""
        words = set(re.split(r"[^a-z]+", _spaced(self.known_role or self.attribute)))
        matrix = sum(axis > 1 for axis in self.shape) > 1 or self.known_role.startswith("kernel")
        table = _MATRIX_NAMES if matrix else _NAMES
        named = next((role for role, names in table if any(re.fullmatch(names, word) for word in words)), None)
        return named or ("kernel" if matrix else "vector")

    @property
    def title(self) -> str:
        """The weight's name, made of the side's own."""
        if self.known:
            return f"{self.layer}/{self.known_role}"
        return f"{re.sub('[./]', '_', self.module) or self.owner}/{self.attribute}"

    @property
    def words(self) -> str:
        """Path and shape, for messages."""
        return f"{self.path} {self.shape}"


def slot_of(row: Mapping[str, Any], order: int, *, kernels_first: bool) -> Slot:
    """From what a worker says of a parameter; `kernels_first`: its framework's convolutions keep places last."""
    shape = tuple(row["shape"])
    places_last = kernels_first and not row["layer"] and "conv" in str(row["owner"]).lower() and len(shape) > 2
    return Slot(
        path=str(row["path"]),
        attribute=str(row["attribute"]),
        owner=str(row["owner"]),
        shape=shape,
        order=order,
        buffer=bool(row["buffer"]),
        frozen=bool(row["frozen"]),
        layer=str(row["layer"]),
        kind=str(row["kind"]),
        known_role=str(row["role"]),
        steps=_known_steps(
            shape,
            tuple(row["flattened"]),
            output_first=bool(row["output_first"]) or places_last,
            turned=bool(row["turned"]),
        ),
        line=row["line"],
        shared=tuple(row["shared"]),
    )


def _known_steps(shape: Shape, flattened: Shape, *, output_first: bool, turned: bool) -> Steps:
    steps: list[Operation] = []
    if turned:
        places = tuple(range(len(shape) - 2))
        steps += [("flip", places), ("transpose", (*places, len(shape) - 1, len(shape) - 2))]
    if flattened and output_first:
        n = len(flattened)
        steps += [("reshape", (shape[0], *flattened)), ("transpose", (0, *range(2, n + 1), 1)), ("reshape", shape)]
    if output_first and len(shape) > 1:
        steps.append(("transpose", (*range(2, len(shape)), 1, 0)))
    return tuple(steps)


def shape_after(shape: Shape, steps: Steps) -> Shape:
    """The shape that operations lead to."""
    return tuple(applied(np.empty(shape, np.int8), steps).shape)


def _spaced(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
