"""What is to be decided about one link: how each side holds the weights that it stands for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from paragone.frameworks.base import Array
from paragone.prove.align.layouts import Hints, Layout, flattens, layouts, regrouped
from paragone.prove.align.link import Link
from paragone.prove.align.slots import Role, Shape, Steps
from paragone.prove.align.stacks import stacks
from paragone.sides.weight_map import MappedWeight, applied

MOST_CHOICES = 160
Names = tuple[str, ...]
Refs = tuple[tuple[str, Steps], ...]


@dataclass
class Decision:
    """The weights of one link, and the ways in which one of the sides may hold them.

    Args:
        link: the parameters.
        names: of the canonical weights.
        shapes: of the canonical weights.
        fixed: how the one side holds them.
        choices: how the other side may, likeliest first.
        free: which side that is, 0 or 1.
        chosen: index of the choice.
        b: the second side's parameters, by path and part; an exchange with another link of the same form changes them.
    """

    link: Link
    names: Names
    shapes: tuple[Shape, ...]
    fixed: tuple[Layout, ...]
    choices: list[tuple[Layout, ...]]
    free: int
    chosen: int = 0
    b: Refs = ()
    settled: bool = field(default=False, compare=False)

    def __post_init__(self) -> None:
        """The second side's own, at first."""
        self.b = self.b or tuple(slot.ref for slot in self.link.slots(1))

    @property
    def role(self) -> Role:
        """What the weights are for."""
        return self.link.a[0].role

    @property
    def form(self) -> tuple[object, ...]:
        """Links of one form could be exchanged."""
        a, b = ([(slot.shape, slot.buffer) for slot in slots] for slots in (self.link.a, self.link.b))
        return (tuple(a), tuple(b), len(self.link.plus), self.link.adds, self.free)

    @property
    def bundle(self) -> tuple[str, str]:
        """The modules on both sides; what two of one form hold is exchanged together."""
        return self.link.a[0].module, self.link.b[0].module

    @property
    def natural(self) -> bool:
        """Whether both sides' classes are alike, so that the first choice is what anybody would take."""
        pairs = list(zip(self.link.a, self.link.b, strict=False))
        alike = all(a.owner == b.owner and a.attribute == b.attribute and a.shape == b.shape for a, b in pairs)
        known = all(slot.known for slot in (*self.link.a, *self.link.b))
        return len(self.link.a) == len(self.link.b) and not self.link.plus and (alike or known)

    @property
    def moved(self) -> bool:
        """Whether something else than the first guess came out."""
        return bool(self.chosen) or self.b != tuple(slot.ref for slot in self.link.slots(1))

    @property
    def words(self) -> str:
        """What is special about the chosen way."""
        return next((layout.words for layout in self.choices[self.chosen] if layout.words), "")

    def refs(self, side: int) -> Refs:
        """The native arrays on one side, or the parts of them; those that are added to others last."""
        return self.b if side else tuple(slot.ref for slot in self.link.slots(0))

    def paths(self, side: int) -> Names:
        """The paths of the native arrays on one side."""
        return tuple(path for path, _ in self.refs(side))

    def plus(self, side: int) -> Names:
        """The paths of those that are added to others."""
        return self.paths(side)[len(self.link.own(side)) :]

    def mapped(self, side: int) -> list[MappedWeight]:
        """The canonical weights in one side's arrays."""
        ways = self.choices[self.chosen] if side == self.free else self.fixed
        own = self.refs(side)[: len(self.link.own(side))]
        each = range(len(own)) if len(own) == len(ways) else [0] * len(ways)
        trainable = not self.link.a[0].buffer
        return [
            MappedWeight(
                name=name,
                path=own[at][0],
                steps=(*own[at][1], *way.steps),
                trainable=trainable,
                plus=self.plus(side)[at : at + 1],
            )
            for name, at, way in zip(self.names, each, ways, strict=True)
        ]

    def put(self, side: int, values: Sequence[Array], arrays: dict[str, Array]) -> None:
        """Put these canonical weights into one side's arrays."""
        for weight, value in zip(self.mapped(side), values, strict=True):
            arrays[weight.path] = weight.into(arrays[weight.path], value)

    @cached_property
    def orbits(self) -> Array:
        """For each element of the canonical weights the class of those that the choices exchange.

        Weights that are constant on these classes are the same native array under every choice: what a side gives
        with them does not depend on which of them is right.
        """
        size = sum(math.prod(shape) for shape in self.shapes)
        (slot,) = (self.link.a, self.link.b)[self.free][:1]
        numbers = np.arange(slot.size).reshape(slot.shape)
        held = [np.concatenate([applied(numbers, way.steps).ravel() for way in choice]) for choice in self.choices]
        back = np.empty(size, np.int64)
        back[held[0]] = np.arange(size)
        rows = np.tile(np.arange(size), len(held))
        columns = np.concatenate([back[one] for one in held])
        graph = coo_matrix((np.ones(len(rows), np.int8), (rows, columns)), shape=(size, size))
        return np.asarray(connected_components(graph, directed=False)[1])

    def values(self, noise: np.random.Generator, *, even: bool) -> list[Array]:
        """Random canonical weights; `even` ones are constant on the orbits."""
        size = sum(math.prod(shape) for shape in self.shapes)
        drawn = noise.random(size) if self.role != "kernel" else noise.normal(size=size)
        if even:
            drawn = drawn[self.orbits]
        flat = drawn + 0.5 if self.role != "kernel" else drawn * self._scale()
        ends = np.cumsum([math.prod(shape) for shape in self.shapes])[:-1]
        return [part.reshape(shape) for part, shape in zip(np.split(flat, ends), self.shapes, strict=True)]

    def _scale(self) -> float:
        """So that activations keep about their size, whichever axis is the input."""
        return float(math.prod(self.shapes[0]) ** -0.25)


def decided(link: Link, names: Sequence[str], hints: Hints) -> Decision:
    """A link's decision."""
    if len(link.a) == len(link.b) == 1:
        return _one(link, names, hints)
    many, free = (link.b, 0) if len(link.a) == 1 else (link.a, 1)
    shapes = tuple(slot.canonical for slot in many)
    single = (link.a, link.b)[free][0]
    choices = [choice for _, choice in zip(range(MOST_CHOICES), stacks(single.shape, shapes, hints), strict=False)]
    fixed = tuple(Layout(slot.steps) for slot in many)
    return Decision(link, tuple(names), shapes, fixed, choices, free)


def _one(link: Link, names: Sequence[str], hints: Hints) -> Decision:
    a, b = link.a[0], link.b[0]
    anchor, other, free = (a, b, 1) if a.known or not b.known else (b, a, 0)
    shape = anchor.canonical
    if a.known and b.known and other.canonical == shape and a.kind == b.kind:
        ways = [Layout(other.steps)]
        ways += [Layout((*steps, *other.steps), words) for steps, words in flattens(other.shape, hints)]
        ways += regrouped(ways[0], shape, hints)
    else:
        ways = layouts(other.shape, shape, hints)
        if other.canonical == shape:
            ways = [Layout(other.steps), *(way for way in ways if way.steps != other.steps)]
    return Decision(link, tuple(names), (shape,), (Layout(anchor.steps),), [(w,) for w in ways[:MOST_CHOICES]], free)
