"""The rungs of one pair in one precision, from the traces of its two sides."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any, cast

import numpy as np

from paragone.distance import gap
from paragone.prove.judging import Floors, Judged, JudgedAlone
from paragone.prove.no_gradient import GRADIENTS, NoGradient
from paragone.prove.scope import RUNGS, Climbed, DType
from paragone.prove.update import Update, followed
from paragone.records import Checkpoint, Distance, Rung
from paragone.workers.probes import OF_LOSS, WAYS

Array = np.ndarray[Any, Any]
Arrays = Mapping[str, Array]

_PREFIXES: dict[Climbed, tuple[str, ...]] = {
    "forward": ("forward",),
    "loss": ("loss",),
    "gradients": ("gradients/",),
    "step": ("step", "state", "evaluated"),
    "rate-change": ("rate_change",),
    "outcome": ("outcome",),
}
_OUTPUTS = ("forward", "evaluated", "outcome")
_ABSENT: dict[Climbed, str] = {
    "gradients": "the side's own train_step hides it",
    "rate-change": "a side's learning rate cannot be changed from outside",
}
_SHOWN = 40


@dataclass(frozen=True)
class Trace:
    """What one side gave on the way up the ladder.

    Args:
        arrays: `forward…`, `loss…`, `gradients/…`, `step/…`, `weights/STEP/…`, `curve`, `outcome/…`.
        kind: what its outputs are (logits, probabilities, …).
        dtype: precision that its outputs really have.
    """

    arrays: Arrays
    kind: str
    dtype: str

    @classmethod
    def of(cls, arrays: Arrays, start: Arrays, kind: str) -> Trace:
        """From a worker's trace: the first step becomes the way that the weights went in it."""
        return cls(_WithWays(arrays, start), kind, _real_dtype(arrays))


class _WithWays(Mapping[str, Array]):
    """Arrays of a trace and the ways that the weights went in one step, which are computed when they are looked at."""

    def __init__(self, arrays: Arrays, start: Arrays):
        self._arrays, self._start = arrays, start
        names = ((f"{way}/{name}", (f"{place}/{name}", name)) for place, way in WAYS.items() for name in start)
        self._ways = {key: (place, name) for key, (place, name) in names if place in arrays}

    def __getitem__(self, key: str) -> Array:
        if key not in self._ways:
            return self._arrays[key]
        place, name = self._ways[key]
        after = self._arrays[place]
        way: Array = after - self._start[name].astype(after.dtype, copy=False)
        return way

    def __contains__(self, key: object) -> bool:
        return key in self._arrays or key in self._ways

    def __iter__(self) -> Iterator[str]:
        return iter([*self._arrays, *self._ways])

    def __len__(self) -> int:
        return len(self._arrays) + len(self._ways)


def _real_dtype(arrays: Arrays) -> str:
    """The precision of what the side gave: outputs where there are any, else gradients or weights."""
    for prefix in ("forward/", "outcome/", "gradients/", "weights/"):
        for name, array in arrays.items():
            if name.startswith(prefix):
                return str(array.dtype)
    return ""


def standing_in(trace: Trace, other: Trace, names: Sequence[Climbed]) -> Trace:
    """A trace, with what another one gave on these rungs.

    Args:
        trace: of a side that was not climbed on them.
        other: of the same side, as it is where nothing that shows on them differs.
        names: rungs before the step.
    """
    prefixes = tuple(prefix for name in names for prefix in _PREFIXES[name])
    prefixes += (f"{OF_LOSS}/",) if "gradients" in names else ()
    found = {key: other.arrays[key] for key in other.arrays if key.startswith(prefixes)} if prefixes else {}
    return replace(trace, arrays=ChainMap(cast(MutableMapping[str, Array], trace.arrays), found)) if found else trace


def rungs(
    a: Trace,
    b: Trace,
    dtype: DType,
    floors: Floors,
    gauge: NoGradient,
    *,
    names: Sequence[Climbed] = RUNGS,
    alone: bool = False,
    trusting: bool = False,
    updates: Sequence[Update] = (),
) -> tuple[Rung, ...]:
    """The rungs from forward to outcome.

    Args:
        a: one side.
        b: the other, whose values are the scale.
        dtype: the precision that the workers were asked for.
        floors: the larger of both sides' floors, by tensor.
        gauge: what has a true gradient of zero, and may drift by rounding alone; whole parameters are left out.
        names: the rungs that were climbed.
        alone: float32 decides, because float64 was not asked for or cannot be had.
        trusting: what is far beyond its tolerance in float64 is different without a floor.
        updates: those that the optimizers of the pair may have, where they are known.
    """
    told = floors, gauge, updates
    return tuple(_rung(name, a, b, dtype, *told, alone=alone, trusting=trusting) for name in names)


def _rung(
    name: Climbed,
    a: Trace,
    b: Trace,
    dtype: DType,
    floors: Floors,
    gauge: NoGradient,
    updates: Sequence[Update],
    *,
    alone: bool,
    trusting: bool,
) -> Rung:
    if name == "gradients":
        a, b = nearest_gradients(a, b, gauge)
    keys = _keys(name, a.arrays, b.arrays, gauge)
    if not keys:
        return Rung(name=name, dtype=dtype, verdict="not run", detail=_ABSENT.get(name, "nothing to compare"))
    distances = sorted((_distance(key, a, b) for key in keys), key=lambda item: -item.max_rel)
    exact = a.dtype == b.dtype == "float64"
    judged = Judged(
        dtype,
        name,
        floors,
        exact=exact,
        gauge=bool(gauge),
        trusting=trusting,
        others=partial(gauge.others, a.arrays, b.arrays),
        follows=cache(partial(followed, updates, a.arrays, b.arrays)),
        hidden=not any(key.startswith(GRADIENTS) for trace in (a, b) for key in trace.arrays),
    )
    if alone and dtype == "float32":
        judged = JudgedAlone(dtype, name, floors, exact=False, gauge=bool(gauge)).over(distances)
    verdict, worst = judged.worst(distances)
    moved = judged.by_rounding(distances)
    if verdict == "same":
        worst = next((one for one in distances if one not in moved), worst)
    return Rung(
        name=name,
        dtype=dtype,
        verdict=verdict,
        max_rel=worst.max_rel,
        tolerance=judged.tolerance,
        floor=judged.floor(distances),
        where=_where(worst) if verdict != "same" else "",
        detail="; ".join(filter(None, [_detail(gauge, name), judged.told(moved)])),
        distances=tuple(distances[:_SHOWN]),
        checkpoints=_checkpoints(a.arrays, b.arrays, gauge) if name == "trajectory" else (),
    )


def nearest_gradients(a: Trace, b: Trace, gauge: NoGradient) -> tuple[Trace, Trace]:
    """The forms of both sides' gradients that are nearest to each other, but for parameters without a gradient.

    A step of the side's own may clip or scale its gradients, where another side's optimizer does; so they are compared
    as the loss gave them, or as the optimizer was given them. What becomes of them is seen at the rung `step`.
    """
    forms = [(left, right) for left in _forms(a) for right in _forms(b)]
    return min(forms, key=lambda form: _farthest(form[0], form[1], gauge)) if len(forms) > 1 else (a, b)


def _forms(trace: Trace) -> list[Trace]:
    of_loss = [key for key in trace.arrays if key.startswith(f"{OF_LOSS}/")]
    if not of_loss:
        return [trace]
    gradients = {f"gradients/{key.partition('/')[2]}": trace.arrays[key] for key in of_loss}
    return [trace, replace(trace, arrays=ChainMap(gradients, cast(MutableMapping[str, Array], trace.arrays)))]


def _farthest(a: Trace, b: Trace, gauge: NoGradient) -> float:
    keys = _keys("gradients", a.arrays, b.arrays, gauge)
    return max((gap(a.arrays[key], b.arrays[key]).max_rel for key in keys), default=0.0)


def _keys(name: Climbed, a: Arrays, b: Arrays, gauge: NoGradient) -> list[str]:
    """The arrays of a rung that both sides gave, without parameters that have no gradient."""
    if name == "trajectory":
        prefixes: tuple[str, ...] = (f"weights/{last_step(a)}/",)
    else:
        prefixes = _PREFIXES[name]
    return [key for key in a if key.startswith(prefixes) and key in b and not gauge.is_of(key)]


def last_step(arrays: Arrays) -> int:
    """The last checkpoint of a trace."""
    return max((int(key.split("/")[1]) for key in arrays if key.startswith("weights/")), default=0)


def _distance(key: str, a: Trace, b: Trace) -> Distance:
    left, right = a.arrays[key], b.arrays[key]
    if key.startswith(_OUTPUTS) and a.kind != b.kind:
        left, right = probabilities(left, a.kind), probabilities(right, b.kind)
    if left.shape != right.shape:
        if left.size != right.size:
            return Distance(tensor=f"{key}: shapes differ", max_rel=float("inf"))
        samples = left.shape[:1] if left.shape[:1] == right.shape[:1] else ()
        left, right = left.reshape(*samples, -1), right.reshape(*samples, -1)
    found = gap(left, right)
    return Distance(tensor=key, max_rel=found.max_rel, index=found.index, a=found.a, b=found.b)


def probabilities(output: Array, kind: str) -> Array:
    """The outputs as probabilities: what logits and log-probabilities mean."""
    if kind in {"probabilities", "values"}:
        return output
    if output.ndim < 2 or output.shape[-1] == 1:
        return cast(Array, 1.0 / (1.0 + np.exp(-output)))
    if kind == "log-probabilities":
        return cast(Array, np.exp(output))
    shifted = np.exp(output - output.max(-1, keepdims=True))
    return cast(Array, shifted / shifted.sum(-1, keepdims=True))


def _where(worst: Distance) -> str:
    index = f"[{', '.join(map(str, worst.index))}]" if worst.index else ""
    return f"{worst.tensor}{index}"


def _detail(gauge: NoGradient, name: Climbed) -> str:
    if not gauge or name not in {"gradients", "step", "trajectory", "rate-change"}:
        return ""
    return "left out, because their true gradient is zero: " + ", ".join(gauge)


def _checkpoints(a: Arrays, b: Arrays, gauge: NoGradient) -> tuple[Checkpoint, ...]:
    steps = sorted({int(key.split("/")[1]) for key in a if key.startswith("weights/")})
    rows = []
    for step in steps:
        prefix = f"weights/{step}/"
        keys = [key for key in a if key.startswith(prefix) and key in b and key.removeprefix(prefix) not in gauge]
        rows.append(Checkpoint(step=step, max_rel=max((gap(a[key], b[key]).max_rel for key in keys), default=0.0)))
    return tuple(rows)


def floors_of(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """A side's floor on each tensor: the largest distance from itself over the noise runs."""
    return {key: max(row[key] for row in rows) for key in rows[0]}
