"""The passes in which two sides are recorded: at most two of each side, whatever the number of layers.

In the first, both sides are recorded as they are. In the second, the first side saves what its layers give, and the
second side is played again with those in the place of its own results (*teacher forcing*): so a fault does not spoil
what comes behind it, and every place where the sides part by themselves is seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import permutations, product
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file

from paragone.distance import Gap, gap
from paragone.prove.group import Group
from paragone.prove.hypotheses import Intervention
from paragone.prove.localise import Difference
from paragone.prove.subject import Subject
from paragone.prove.tapes import Call, Tape, axes_between
from paragone.prove.twins import channel_moves, same_value
from paragone.workers.probes import GRADIENTS

Array = np.ndarray[Any, Any]

_MOST_BYTES = 2**30
"""What may be saved of layers' results for the second pass."""
_MOST_AXES = 5
"""Of a value whose layouts are all tried."""


@dataclass(frozen=True)
class Case:
    """What a pass is played on.

    Args:
        name: as the ladder calls it (`forward_saturated`); see `paragone.workers.probes`.
        rows: of the test set; None for a whole batch.
    """

    name: str
    rows: tuple[int, ...] | None

    @property
    def mode(self) -> str:
        """Evaluation mode, or training mode and the loss."""
        return "loss" if self.name.startswith(("loss", GRADIENTS)) else "forward"

    def plain(self) -> dict[str, Any]:
        """As arguments of the worker's operation."""
        rows = None if self.rows is None else list(self.rows)
        return {"mode": self.mode, "rows": rows, "probe": self.name}


@dataclass
class Passes:
    """The passes of a pair.

    Args:
        group: of the sides.
        a: one side.
        b: the other.
        case: what they are played on.
        interventions: that stand while they are played.
        weighted: canonical names of the layers with weights.
        tolerance: relative, of what counts as the same.
    """

    group: Group
    a: Subject
    b: Subject
    case: Case
    interventions: Sequence[Intervention]
    weighted: frozenset[str]
    tolerance: float
    saved: dict[tuple[str, int], Path] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Where arrays of this pair lie."""
        return self.group.lab.folder.resolve() / "located" / _safe(f"{self.a.name}-{self.b.name}")

    def first(self) -> tuple[Tape, Tape]:
        """Both sides as they are."""
        wanted = {side.name: self.group.taping(side.name, self.interventions, self.case.plain()) for side in self.sides}
        return self._tapes(wanted)

    def second(self, tapes: tuple[Tape, Tape], found: Sequence[Difference]) -> tuple[Tape, Tape]:
        """The second side with the first side's results; the values that are compared are saved on the way.

        Args:
            tapes: of the first passes.
            found: what they showed.

        Returns:
            The first side's tape, cut where its results were handed over, and the second side's new one.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        a, b = tapes
        pairs = [pair for one in found for pair in (one.compared, one.given) if pair is not None]
        forced = _forced(a, b, self.weighted, self.tolerance)
        ours = sorted({pair[0] for pair in pairs} | {one.number for one in forced.values()})
        theirs = sorted({pair[1] for pair in pairs})
        self._play(self.a, ours, {})
        name = _safe(self.a.name)
        given = {
            key: [f"{name}-{one.number}.safetensors", list(one.axes), one.lacks_activation]
            for key, one in forced.items()
        }
        played = self._play(self.b, theirs, given)
        handed_over = frozenset(one.number for key, one in forced.items() if _call_key(key) in played.gaps)
        return replace(a, replaced=handed_over), played

    @property
    def sides(self) -> tuple[Subject, Subject]:
        """Both."""
        return self.a, self.b

    def value(self, side: Subject, number: int) -> Array:
        """A value that the second passes saved."""
        return load_file(self.saved[side.name, number])["value"]

    def _play(self, side: Subject, values: Sequence[int], given: Mapping[str, Any]) -> Tape:
        name = _safe(side.name)
        arguments = {
            **self.case.plain(),
            **{"folder": str(self.folder), "name": name, "values": list(values), "given": dict(given)},
        }
        experiment = self.group.taping(side.name, self.interventions, arguments, kept=False)
        trial = self.group.lab.submit(experiment).result()
        self.saved |= {(side.name, number): self.folder / f"{name}-{number}.safetensors" for number in values}
        return Tape.of(trial.result, trial.arrays)

    def _tapes(self, wanted: Mapping[str, Any]) -> tuple[Tape, Tape]:
        futures = {name: self.group.lab.submit(experiment) for name, experiment in wanted.items()}
        trials = {name: future.result() for name, future in futures.items()}
        first, second = (Tape.of(trials[side.name].result, trials[side.name].arrays) for side in self.sides)
        return first, second


@dataclass(frozen=True)
class _Forced:
    """The first side's result of a layer, the axes that bring it into the other side's layout, and what it lacks."""

    number: int
    axes: tuple[int, ...]
    lacks_activation: bool


def _forced(a: Tape, b: Tape, weighted: frozenset[str], tolerance: float) -> dict[str, _Forced]:
    """What is handed over: of every layer with weights whose results differ, the first side's.

    Layouts are learned from layers of the same kind whose results are the same on both sides.
    """
    learned = _layouts(a, b, tolerance)
    found: dict[str, _Forced] = {}
    used = 0
    for call, i, j in _shared(a, b):
        activated, other = call.activated, b.by_key[call.key].activated
        if call.layer not in weighted or same_value(a, i, b, j, tolerance) or (activated and not other):
            continue
        axes = _axes(a.shapes[i], b.shapes[j], learned, _kind(call))
        used += 8 * int(a.sizes[i])
        if axes is not None and used <= _MOST_BYTES:
            found[f"{call.layer}/{call.number}"] = _Forced(i, axes, other and not activated)
    return found


def _shared(a: Tape, b: Tape) -> Iterator[tuple[Call, int, int]]:
    """The calls of layers that both sides have, with the one value that each side's gives."""
    for call in a.calls:
        other = b.by_key.get(call.key) if call.layer else None
        if other is not None and len(call.outputs) == len(other.outputs) == 1:
            yield call, call.outputs[0], other.outputs[0]


def _layouts(a: Tape, b: Tape, tolerance: float) -> dict[tuple[str, int], tuple[int, ...]]:
    found: dict[tuple[str, int], tuple[int, ...]] = {}
    for call, i, j in _shared(a, b):
        axes = axes_between(a, i, b, j, tolerance) if same_value(a, i, b, j, tolerance) else None
        if axes is not None and len(set(a.shapes[i])) == len(a.shapes[i]):
            found.setdefault((_kind(call), len(axes)), axes)
            found.setdefault(("", len(axes)), axes)
    return found


def _axes(
    shape: tuple[int, ...], other: tuple[int, ...], learned: Mapping[tuple[str, int], tuple[int, ...]], kind: str
) -> tuple[int, ...] | None:
    n = len(shape)
    fitting = _fitting(shape, other)
    for axes in (learned.get((kind, n)), learned.get(("", n))):
        if axes in fitting:
            return axes
    return fitting[0] if len(fitting) == 1 or (fitting and fitting[0] == tuple(range(n)) and not learned) else None


def _call_key(text: str) -> tuple[str, int]:
    layer, _, number = text.rpartition("/")
    return layer, int(number)


def _kind(call: Call) -> str:
    return call.layer.rpartition("_")[0]


Forms = Sequence[tuple[int, ...]]


def distance(a: Array, b: Array, forms_a: Forms = (), forms_b: Forms = (), *, in_order: bool = False) -> Gap | None:
    """How far two values are from each other in the layout in which they are nearest.

    Args:
        a: one value.
        b: the other.
        forms_a: shapes that the elements of `a` may be brought into: before a flatten they had axes.
        forms_b: the same for `b`.
        in_order: only the layouts with channels first and last are tried.

    Returns:
        With the index in the form of `a` that fits; None where the values cannot be laid on each other.
    """
    if a.size != b.size:
        return None
    best: tuple[float, Array, Array] | None = None
    for shape, other in product((a.shape, *forms_a), (b.shape, *forms_b)):
        for axes in _fitting(other, shape):
            if in_order and axes not in channel_moves(len(axes)):
                continue
            left, right = a.reshape(shape), b.reshape(other).transpose(axes)
            with np.errstate(invalid="ignore"):
                far = float(np.nanmean(np.abs(left - right))) if left.size else 0.0
            if best is None or far < best[0]:
                best = far, left, right
    return gap(best[1], best[2]) if best else gap(a.reshape(-1), b.reshape(-1))


def _fitting(shape: tuple[int, ...], wanted: tuple[int, ...]) -> list[tuple[int, ...]]:
    """The permutations of a shape's axes that make it another."""
    if sorted(shape) != sorted(wanted) or len(shape) > _MOST_AXES:
        return []
    return [axes for axes in permutations(range(len(shape))) if tuple(shape[axis] for axis in axes) == wanted]


def _safe(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in name)
