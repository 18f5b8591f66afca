"""Two sides that are given weights, and how far apart their outputs are."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file, save_file

from paragone.frameworks.base import Array
from paragone.prove.align.decisions import Decision
from paragone.prove.at_once import at_once
from paragone.prove.ladder import probabilities
from paragone.prove.tolerances import UNDECIDED

Ask = Callable[..., Mapping[str, Any]]
GENERIC = "generic"
EVEN = "even"
_FEW_OUTPUTS = 4
_FLOOR_RUNS = 4


@dataclass(frozen=True)
class OutputForm:
    """How the second side's outputs lie: which is which, and whose channels come first.

    Args:
        order: index of the second side's output for each of the first side's.
        first: whether its channels are moved from the first axis to the last.
        back: whether the first side's channels are.
    """

    order: tuple[int, ...]
    first: tuple[bool, ...]
    back: tuple[bool, ...]

    @property
    def plain(self) -> bool:
        """Whether both sides' outputs lie alike."""
        return not any(self.first) and not any(self.back) and list(self.order) == sorted(self.order)


@dataclass(frozen=True)
class Limits:
    """How far apart outputs may be, as a share of the largest.

    Args:
        exact: up to here they are equal but for rounding.
        rounded: up to here but for what a side computes in float32; a wrong alignment is never that near.
        near: with even weights, a difference up to this is one of the models, and links can be judged beside it.
    """

    exact: float = 1e-10
    rounded: float = 1e-6
    near: float = 1e-3

    @staticmethod
    def above(floor: float) -> Limits:
        """Those in float32: ten floors are the same, as on the ladder."""
        same = UNDECIDED * floor
        return Limits(same, same, max(Limits.near, same))


@dataclass
class Arm:
    """One side in its worker.

    Args:
        ask: calls an operation of the worker.
        kind: what its outputs are (logits, probabilities, …).
        shapes: of its outputs, without the samples' axis.
        arrays: what its parameters are now, by path.
        pending: paths of what is to be sent first.
        sent: what each parameter, or each part of one, was given last.
    """

    ask: Ask
    kind: str
    shapes: tuple[tuple[int, ...], ...]
    arrays: dict[str, Array]
    pending: set[str] = field(default_factory=set)
    sent: dict[Hashable, Hashable] = field(default_factory=dict)


class Rig:
    """Both sides, with a count of the experiments.

    Args:
        arms: the two sides.
        decisions: what is to be decided; their weights are what is put in place.
        seed: of the weights and of the noise on the inputs.
        most: so many experiments may be done.
        limits: how far apart equal outputs may be; None means those of float64.
    """

    def __init__(
        self,
        arms: tuple[Arm, Arm],
        decisions: Sequence[Decision],
        seed: int,
        most: int = 400,
        limits: Limits | None = None,
    ):
        self.arms = arms
        self.limits = limits or Limits()
        self.decisions = list(decisions)
        self.done = 0
        self._seed = seed
        self._most = most
        self._values: dict[tuple[int, Hashable], list[Array]] = {}
        self._outputs: list[list[Array]] = [[], []]
        self.forms = output_forms(*(arm.shapes for arm in arms))

    @property
    def exhausted(self) -> bool:
        """Whether no more experiments may be done."""
        return self.done >= self._most

    def apart(self, modes: Mapping[int, Hashable], default: Hashable = GENERIC) -> float:
        """The distance of the outputs, with the weights of each decision in a mode; modes go by its index."""
        left, right = self.run(modes, default)
        return self.distance(left, right)

    def distance(self, left: Sequence[Array], right: Sequence[Array]) -> float:
        """The distance of outputs, in the form of the second side's in which it is smallest."""
        found = [(self._apart(left, right, form), index) for index, form in enumerate(self.forms)]
        best, index = min(found)
        if len(self.forms) > 1 and best <= self.limits.rounded:
            self.forms = [self.forms[index]]
        return best

    def run(self, modes: Mapping[int, Hashable], default: Hashable = GENERIC) -> tuple[list[Array], list[Array]]:
        """The outputs of both sides; a side whose weights are as they were is not run again."""
        self.done += 1
        left, right = at_once([partial(self._side, side, modes, default) for side in (0, 1)])
        return left, right

    def floor(self, runs: int = _FLOOR_RUNS) -> float:
        """How far the outputs of a side move when every weight moves by one unit in the last place of float32."""
        outputs = [list(one) for one in self.run({})]
        worst = 0.0
        for side, arm in enumerate(self.arms):
            for run in range(runs):
                noise = np.random.default_rng([self._seed, side, run])
                moved = self._ask(side, {p: _nudged(a, noise) for p, a in arm.arrays.items()}, gradients=False)
                worst = max(worst, *(gap_of(moved[f"output/{i}"], one) for i, one in enumerate(outputs[side])))
                self.done += 1
            arm.pending = set(arm.arrays)
        return worst

    def gradients_apart(self) -> float:
        """The distance of the gradients of the training loss, with generic weights; zero where a side hides them."""
        self.run({})
        left, right = (self._gradients(side) for side in (0, 1))
        if not left or not right:
            return 0.0
        largest = max(float(np.abs(array).max(initial=0.0)) for array in left.values())
        return max(float(np.abs(left[name] - right[name]).max(initial=0.0)) for name in left) / (largest or 1.0)

    def _gradients(self, side: int) -> dict[str, Array]:
        """One side's gradients by canonical weight."""
        given = self._ask(side, {}, gradients=True)
        return {
            weight.name: weight.to_canonical(given[f"gradient/{weight.path}"])
            for decision in self.decisions
            for weight in decision.mapped(side)
            if weight.trainable and f"gradient/{weight.path}" in given
        }

    def _side(self, side: int, modes: Mapping[int, Hashable], default: Hashable) -> list[Array]:
        arm = self.arms[side]
        changed, arm.pending = arm.pending, set()
        for index, decision in enumerate(self.decisions):
            mode = modes.get(index, default)
            free = decision.chosen if decision.free == side else -1
            state = (mode if isinstance(mode, tuple) else (mode, index), free)
            refs = decision.refs(side)
            if any(arm.sent.get(ref) != state for ref in refs):
                decision.put(side, self._drawn(index, mode), arm.arrays)
                arm.sent |= dict.fromkeys(refs, state)
                changed |= {path for path, _ in refs}
        if changed or not self._outputs[side]:
            arrays = self._ask(side, {path: arm.arrays[path] for path in changed}, gradients=False)
            self._outputs[side] = [arrays[f"output/{i}"] for i in range(len(arm.shapes))]
        return self._outputs[side]

    def _drawn(self, index: int, mode: Hashable) -> list[Array]:
        """The weights of a decision in a mode; a mode that is a pair belongs to a whole class of decisions."""
        shared = isinstance(mode, tuple)
        key = (-1, mode) if shared else (index, mode)
        if key not in self._values:
            number = [int(part) for part in mode] if isinstance(mode, tuple) else [index, int(mode == EVEN)]
            noise = np.random.default_rng([self._seed, int(shared), *number])
            self._values[key] = self.decisions[index].values(noise, even=shared or mode == EVEN)
        return self._values[key]

    def _ask(self, side: int, changes: Mapping[str, Array], *, gradients: bool) -> dict[str, Array]:
        with tempfile.TemporaryDirectory() as folder:
            given, out = Path(folder) / "given", Path(folder) / "out"
            save_file({name: np.ascontiguousarray(array) for name, array in changes.items()}, given)
            self.arms[side].ask("outputs_with", given=str(given), out=str(out), seed=self._seed, gradients=gradients)
            return dict(load_file(out))

    def _apart(self, left: Sequence[Array], right: Sequence[Array], form: OutputForm) -> float:
        return max((gap_of(a, b) for a, b in self.paired(left, right, form)), default=0.0)

    def paired(self, left: Sequence[Array], right: Sequence[Array], form: OutputForm) -> list[tuple[Array, Array]]:
        """Outputs that correspond, in one layout and of one kind."""
        pairs = []
        for number, index in enumerate(form.order):
            a = np.moveaxis(left[number], 1, -1) if form.back[number] else left[number]
            b = np.moveaxis(right[index], 1, -1) if form.first[number] else right[index]
            if self.arms[0].kind != self.arms[1].kind:
                a, b = probabilities(a, self.arms[0].kind), probabilities(b, self.arms[1].kind)
            pairs.append((a, b))
        return pairs


def _nudged(array: Array, noise: np.random.Generator) -> Array:
    """Every element one unit in the last place of float32 up or down."""
    single = array.astype(np.float32)
    ends = np.where(noise.random(single.shape) < 0.5, -np.inf, np.inf).astype(np.float32)
    return np.where(single == 0, single, np.nextafter(single, ends))


def gap_of(a: Array, b: Array) -> float:
    """The largest distance of two arrays, relative to the larger of both; infinite where they cannot be compared."""
    if a.size != b.size or not (np.isfinite(a).all() and np.isfinite(b).all()):
        return float("inf")
    scale = max(float(np.abs(a).max(initial=0.0)), float(np.abs(b).max(initial=0.0)))
    return float(np.abs(a.ravel() - b.ravel()).max(initial=0.0)) / scale if scale else 0.0


def output_forms(a: Sequence[tuple[int, ...]], b: Sequence[tuple[int, ...]]) -> list[OutputForm]:
    """The ways in which the second side's outputs may correspond to the first side's, the plain one first."""
    if len(a) != len(b):
        return []
    orders = permutations(range(len(b))) if len(b) <= _FEW_OUTPUTS else [tuple(range(len(b)))]
    found: list[OutputForm] = []
    for order in orders:
        kinds = [_kinds(one, b[index]) for one, index in zip(a, order, strict=True)]
        if all(kinds):
            for rank in range(max(len(kind) for kind in kinds)):
                chosen = [kind[min(rank, len(kind) - 1)] for kind in kinds]
                found.append(OutputForm(tuple(order), tuple(f for _, f in chosen), tuple(k for k, _ in chosen)))
    return found


def _kinds(a: tuple[int, ...], b: tuple[int, ...]) -> list[tuple[bool, bool]]:
    """Whether the channels of the first and of the second are moved behind, in likely order."""
    found = []
    if _plain(a) == _plain(b):
        found.append((False, False))
    if len(b) > 1 and a == (*b[1:], b[0]):
        found.append((False, True))
    if len(a) > 1 and b == (*a[1:], a[0]):
        found.append((True, False))
    return found


def _plain(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(axis for axis in shape if axis != 1)
