"""A tape as the orchestrator reads it: what a side computed in one pass, value by value, by fingerprints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

SUM, SUM_ABS, SUM_SQUARES, LARGEST, SMALLEST, NOT_FINITE = range(6)
"""The columns of `stats`; see `paragone.workers.fingerprint.STATS`."""


@dataclass(frozen=True)
class Call:
    """One call of a module; see `paragone.workers.tape.Call`."""

    path: str
    kind: str
    layer: str
    number: int
    parent: int
    line: int
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    activated: bool

    @property
    def key(self) -> tuple[str, int]:
        """The layer and which of its calls it is."""
        return self.layer, self.number


@dataclass(frozen=True)
class Tape:
    """A pass.

    Args:
        ops: name of the operation of every value.
        parents: what each value was made from; none for an input, a weight or a constant.
        shapes: of the values.
        kinds: of the values' dtypes (`f` for floats).
        in_call: the call inside of which each value was made.
        lines: of the side's file, 0 where the operation was called from no line of it.
        stats: fingerprints, a row a value.
        profiles: of every value, a weighted sum along each axis.
        calls: of modules; the first is the model's own.
        outputs: the values that the pass gave.
        replaced: values in whose place the other side's was used from there on.
        gaps: for every layer whose result was replaced, how far it was off: max_rel, index, its element, the other's.
    """

    ops: tuple[str, ...]
    parents: tuple[tuple[int, ...], ...]
    shapes: tuple[tuple[int, ...], ...]
    kinds: tuple[str, ...]
    in_call: tuple[int, ...]
    lines: tuple[int, ...]
    stats: Array
    profiles: tuple[Array, ...]
    calls: tuple[Call, ...]
    outputs: tuple[int, ...]
    replaced: frozenset[int]
    gaps: Mapping[tuple[str, int], tuple[float, tuple[int, ...], float, float]]

    def __len__(self) -> int:
        return len(self.ops)

    @classmethod
    def of(cls, said: Mapping[str, Any], arrays: Mapping[str, Array]) -> Tape:
        """From a worker's answer."""
        shapes = tuple(tuple(shape) for shape in said["shape"])
        return cls(
            ops=tuple(said["ops"][number] for number in said["op"]),
            parents=tuple(tuple(row) for row in said["parents"]),
            shapes=shapes,
            kinds=tuple(said["kind"]),
            in_call=tuple(said["call"]),
            lines=tuple(said["line"]),
            stats=arrays["stats"],
            profiles=tuple(np.split(arrays["profiles"], np.cumsum([len(shape) for shape in shapes])[:-1])),
            calls=tuple(map(_call, said["calls"])),
            outputs=tuple(said["outputs"]),
            replaced=frozenset(said["replaced"]),
            gaps={_key(name): (row[0], tuple(row[1]), row[2], row[3]) for name, row in said["gaps"].items()},
        )

    # ------------------------------------------------------------------ values

    @cached_property
    def sizes(self) -> Array:
        """Elements of every value."""
        return np.array([int(np.prod(shape)) for shape in self.shapes], dtype=np.int64)

    @cached_property
    def telling(self) -> Array:
        """Which values can be told from others by what they are: floats that are neither constant nor 0 and 1 only."""
        if not len(self):
            return np.zeros(0, bool)
        stats = self.stats
        floats = np.array([kind in "fc" for kind in self.kinds])
        flat = stats[:, LARGEST] == stats[:, SMALLEST]
        whole = np.mod(stats[:, LARGEST], 1.0) == 0.0
        binary = (stats[:, SUM] == stats[:, SUM_ABS]) & (stats[:, SUM] == stats[:, SUM_SQUARES])
        told: Array = floats & ~(flat & ((self.sizes > 1) | whole)) & ~binary & (self.sizes > 0)
        return told

    @cached_property
    def from_input(self) -> Array:
        """Which values depend on an input of the model."""
        found = np.zeros(len(self), bool)
        for number, parents in enumerate(self.parents):
            found[number] = self.ops[number].startswith("input") or any(found[parent] for parent in parents)
        return found

    @cached_property
    def leads_out(self) -> Array:
        """Which values the outputs were made from; running statistics, for one, are not among them."""
        found = np.zeros(len(self), bool)
        found[list(self.outputs)] = True
        for number in range(len(self) - 1, -1, -1):
            if found[number]:
                found[list(self.parents[number])] = True
        return found

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """What was made from each value."""
        found: list[list[int]] = [[] for _ in self.ops]
        for number, parents in enumerate(self.parents):
            for parent in parents:
                found[parent].append(number)
        return tuple(map(tuple, found))

    def sources(self, number: int) -> tuple[int, ...]:
        """The telling values that a value was made from, seen through those that tell nothing."""
        found: dict[int, None] = {}
        waiting, seen = list(reversed(self.parents[number])), set()
        while waiting:
            parent = waiting.pop()
            if parent in seen:
                continue
            seen.add(parent)
            if self.telling[parent]:
                found[parent] = None
            else:
                waiting += reversed(self.parents[parent])
        return tuple(found)

    def forms(self, number: int) -> list[tuple[int, ...]]:
        """The shapes that the elements of a value had on their way to it, as far as their number stayed the same."""
        found = [self.shapes[number]]
        while True:
            above = [one for one in self.sources(number) if self.sizes[one] == self.sizes[number]]
            if not above:
                return list(dict.fromkeys(found))
            number = above[0]
            found.append(self.shapes[number])

    # ------------------------------------------------------------------ places

    def around(self, number: int) -> list[Call]:
        """The calls that a value was made in, innermost first, without the model's own."""
        found, call = [], self.in_call[number]
        while call > 0:
            found.append(self.calls[call])
            call = self.calls[call].parent
        return found

    def line(self, number: int) -> int:
        """The line of the side's file that computed a value, else that which made the module around it."""
        return next((line for line in (self.lines[number], *(call.line for call in self.around(number))) if line), 0)

    def line_in(self, call: Call) -> int:
        """The line that a call was made on, else that which made its module."""
        number = self.calls.index(call)
        lines = (self.lines[value] for value in range(len(self)) if self.in_call[value] == number)
        return next((line for line in lines if line), call.line)

    @cached_property
    def by_key(self) -> Mapping[tuple[str, int], Call]:
        """The calls of layers that have a canonical name."""
        return {call.key: call for call in self.calls if call.layer}


def _call(row: Sequence[Any]) -> Call:
    path, kind, layer, number, parent, line, inputs, outputs, activated = row
    return Call(path, kind, layer, number, parent, line, tuple(inputs), tuple(outputs), activated)


def _key(name: str) -> tuple[str, int]:
    layer, _, number = name.rpartition("/")
    return layer, int(number)


def axes_between(a: Tape, i: int, b: Tape, j: int, tolerance: float) -> tuple[int, ...] | None:
    """The permutation of the axes of `i` that makes them those of `j`, by their profiles; None where there is none."""
    shape, other = a.shapes[i], b.shapes[j]
    if sorted(shape) != sorted(other):
        return None
    scale = tolerance * max(1.0, float(a.stats[i][SUM_ABS]), float(b.stats[j][SUM_ABS]))
    free, found = list(range(len(shape))), []
    for axis, length in enumerate(other):
        near = [
            mine for mine in free if shape[mine] == length and abs(a.profiles[i][mine] - b.profiles[j][axis]) <= scale
        ]
        if not near:
            return None
        chosen = axis if axis in near else near[0]
        free.remove(chosen)
        found.append(chosen)
    return tuple(found)
