"""The tape of one pass through a side: every value that it computes, by its fingerprint, and what it was made from.

A framework's `tape.py` plays the pass and tells a `Recorder` of every value; the value itself is not kept. So the pass
needs one tensor more than the model. The orchestrator compares tapes (`paragone.prove.localise`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file, save_file

from paragone.distance import gap
from paragone.frameworks.base import Array
from paragone.workers.channel import Message
from paragone.workers.fingerprint import STATS, fingerprint, profile

INPUT, WEIGHT, CONSTANT = "input", "weight", "constant"
LEAVES = (INPUT, WEIGHT, CONSTANT)
"""What is no result of an operation."""
ROOT = 0
"""The call of the model itself."""


@dataclass
class Call:
    """One call of a module.

    Args:
        path: where the module is in the model, as the user knows it (`blocks.0.conv`).
        kind: name of its class.
        layer: its canonical name; empty where it has none.
        number: the how manieth call of this module it is, from 0.
        parent: the call inside of which it happened.
        line: the line that made the module.
        inputs: the values that it was given.
        outputs: the values that it gave.
        activated: an activation is part of the layer, after what other frameworks call the layer.
    """

    path: str
    kind: str
    layer: str
    number: int
    parent: int
    line: int
    inputs: list[int] = field(default_factory=list)
    outputs: list[int] = field(default_factory=list)
    activated: bool = False

    def plain(self) -> list[Any]:
        """As data."""
        return [
            *(self.path, self.kind, self.layer, self.number, self.parent, self.line),
            *(self.inputs, self.outputs, self.activated),
        ]


@dataclass(frozen=True)
class Wanted:
    """What a pass does besides being recorded.

    Args:
        folder: where arrays are saved and found; None where there are none.
        values: numbers of the values to save, as `NAME-NUMBER.safetensors`.
        name: of this side, in the names of files.
        given: files whose arrays take the place of layers' results, by `layer/call number`, each with the axes that
            bring it into this side's layout, and whether it lacks the activation that is part of the layer here.
    """

    folder: Path | None = None
    values: frozenset[int] = frozenset()
    name: str = ""
    given: dict[str, tuple[str, tuple[int, ...], bool]] = field(default_factory=dict)


class Recorder:
    """Takes down a pass.

    Args:
        wanted: what to save and to replace.
    """

    def __init__(self, wanted: Wanted | None = None):
        self.wanted = wanted or Wanted()
        self.calls: list[Call] = [Call("", "", "", 0, -1, 0)]
        self.outputs: list[int] = []
        self.replaced: list[int] = []
        self.gaps: dict[str, list[Any]] = {}
        self._ops: dict[str, int] = {}
        self._columns: dict[str, list[Any]] = {name: [] for name in ("op", "call", "line", "parents", "shape", "kind")}
        self._stats: list[list[float]] = []
        self._profiles: list[float] = []
        self._times: Counter[str] = Counter()
        self._made: set[str] = set()

    def __len__(self) -> int:
        return len(self._stats)

    # ------------------------------------------------------------------ calls

    def enter(self, path: str, kind: str, layer: str, line: int, parent: int) -> int:
        """A module is called; gives the number of the call."""
        key = layer or path
        self.calls.append(Call(path, kind, layer, self._times[key], parent, line))
        self._times[key] += 1
        return len(self.calls) - 1

    def leave(self, call: int, outputs: Sequence[int]) -> None:
        """The call ends with these values."""
        self.calls[call].outputs = list(outputs)

    def replacement(self, call: int, value: Array, activation: Callable[[Array], Array] | None = None) -> Array | None:
        """What takes the place of the only result of a layer's call; None leaves it.

        How far the layer's own result is from it is noted.

        Args:
            call: that ends.
            value: the layer's own result.
            activation: that is part of the layer.
        """
        one = self.calls[call]
        key = f"{one.layer}/{one.number}"
        found = self.wanted.given.get(key) if one.layer else None
        if found is None or len(one.outputs) != 1 or self.wanted.folder is None:
            return None
        name, axes, before_activation = found
        array = load_file(self.wanted.folder / name)["value"].transpose(axes)
        if before_activation and activation is not None:
            array = activation(array)
        if array.shape != value.shape:
            return None
        distance = gap(value, array)
        self.replaced.append(one.outputs[0])
        self.gaps[key] = [distance.max_rel, list(distance.index), distance.a, distance.b]
        return np.ascontiguousarray(array)

    # ------------------------------------------------------------------ values

    def leaf(self, kind: str, name: str, value: Array) -> int:
        """A value that no operation made."""
        return self._add(f"{kind}: {name}" if name else kind, ROOT, 0, [], value)

    def value(self, op: str, parents: Sequence[int], value: Array, call: int, line: int) -> int:
        """A result of an operation."""
        return self._add(op, call, line, list(dict.fromkeys(parents)), value)

    def _add(self, op: str, call: int, line: int, parents: list[int], value: Array) -> int:
        number = len(self)
        row = (self._ops.setdefault(op, len(self._ops)), call, line, parents, list(value.shape), value.dtype.kind)
        for column, item in zip(self._columns.values(), row, strict=True):
            column.append(item)
        self._stats.append(fingerprint(value))
        self._profiles += profile(value)
        if number in self.wanted.values and self.wanted.folder is not None:
            save_value(self.wanted.folder / f"{self.wanted.name}-{number}.safetensors", value)
        return number

    # ------------------------------------------------------------------ the end

    def message(self) -> Message:
        """Everything but the fingerprints."""
        return {
            "ops": list(self._ops),
            **self._columns,
            "calls": [call.plain() for call in self.calls],
            "outputs": self.outputs,
            "replaced": self.replaced,
            "gaps": self.gaps,
        }

    def arrays(self) -> dict[str, Array]:
        """The fingerprints, a row a value, and the profiles one after the other."""
        return {
            "stats": np.array(self._stats, dtype=np.float64).reshape(-1, len(STATS)),
            "profiles": np.array(self._profiles, dtype=np.float64),
        }


def save_value(path: Path, value: Array) -> None:
    """One array in a file of its own."""
    save_file({"value": np.ascontiguousarray(value)}, path)
