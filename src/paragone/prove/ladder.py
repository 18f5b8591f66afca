"""The rungs of one pair in one precision, from the traces of its two sides."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

import numpy as np

from paragone.distance import gap
from paragone.prove.tolerances import GAUGE_GRADIENT, TOLERANCES, UNDECIDED
from paragone.records import Checkpoint, Distance, Rung, SameVerdict

Array = np.ndarray[Any, Any]
Arrays = Mapping[str, Array]
DType = Literal["float32", "float64"]
RungName = Literal["forward", "loss", "gradients", "step", "trajectory", "outcome"]

RUNGS: tuple[RungName, ...] = ("forward", "loss", "gradients", "step", "trajectory", "outcome")
_PREFIX = {"forward": "forward", "loss": "loss", "gradients": "gradients/", "step": "step/", "outcome": "outcome/"}
_SHOWN = 40
_ORDER: dict[SameVerdict, int] = {"not run": 0, "same": 1, "undecided": 2, "different": 3}


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
        steps = {
            f"step/{name}": arrays[f"weights/1/{name}"] - start[name].astype(arrays[f"weights/1/{name}"].dtype)
            for name in start
            if f"weights/1/{name}" in arrays
        }
        return cls({**arrays, **steps}, kind, str(arrays["forward/0"].dtype))


def rungs(a: Trace, b: Trace, dtype: DType, floors: Mapping[str, float], gauge: frozenset[str]) -> tuple[Rung, ...]:
    """All rungs from forward to outcome.

    Args:
        a: one side.
        b: the other, whose values are the scale.
        dtype: the precision that the workers were asked for.
        floors: the larger of both sides' floors, by tensor.
        gauge: parameters whose true gradient is zero; they may drift by rounding alone and are left out.
    """
    return tuple(_rung(name, a, b, dtype, floors, gauge) for name in RUNGS)


def gauge_parameters(a: Arrays, b: Arrays) -> frozenset[str]:
    """Parameters whose gradient is zero but for rounding, on both sides."""
    return _gauge(a) & _gauge(b)


def _gauge(arrays: Arrays) -> frozenset[str]:
    sizes = {
        name.removeprefix("gradients/"): float(np.abs(array).max(initial=0.0))
        for name, array in arrays.items()
        if name.startswith("gradients/")
    }
    limit = GAUGE_GRADIENT * max(sizes.values(), default=0.0)
    return frozenset(name for name, size in sizes.items() if size <= limit)


def _rung(name: RungName, a: Trace, b: Trace, dtype: DType, floors: Mapping[str, float], gauge: frozenset[str]) -> Rung:
    keys = _keys(name, a.arrays, b.arrays, gauge)
    if not keys:
        detail = "the side's own train_step hides it" if name == "gradients" else "nothing to compare"
        return Rung(name=name, dtype=dtype, verdict="not run", detail=detail)
    distances = sorted((_distance(key, a, b) for key in keys), key=lambda item: -item.max_rel)
    judged = _Judged(dtype, name, floors, exact=a.dtype == b.dtype == "float64", gauge=bool(gauge))
    verdicts = [(judged.verdict(distance), distance) for distance in distances]
    verdict, worst = max(verdicts, key=lambda item: (_ORDER[item[0]], item[1].max_rel))
    return Rung(
        name=name,
        dtype=dtype,
        verdict=verdict,
        max_rel=worst.max_rel if verdict != "same" else distances[0].max_rel,
        tolerance=judged.tolerance,
        floor=max((floors[key] for key in keys if math.isfinite(floors.get(key, math.inf))), default=None),
        where=_where(worst) if verdict != "same" else "",
        detail="; ".join(filter(None, [_detail(gauge, name), judged.by_rounding(distances)])),
        distances=tuple(distances[:_SHOWN]),
        checkpoints=_checkpoints(a.arrays, b.arrays, gauge) if name == "trajectory" else (),
    )


class _Judged:
    """Decides tensor by tensor.

    float64 has a fixed tolerance. A tensor beyond it, but within ten times what rounding alone does to it, is
    undecided; where there are parameters without a true gradient, whose drift other tensors take part in (the running
    mean after a convolution's bias), it is the same.
    """

    def __init__(self, dtype: DType, name: RungName, floors: Mapping[str, float], *, exact: bool, gauge: bool):
        self.tolerance = TOLERANCES[name] if dtype == "float64" else None
        self._floors = floors
        self._exact = exact
        self._gauge = gauge

    def verdict(self, distance: Distance) -> SameVerdict:
        """Same, different or undecided."""
        floor = self._floors.get(distance.tensor, math.inf)
        if self.tolerance is not None and distance.max_rel <= self.tolerance:
            return "same"
        if math.isinf(floor):  # unknown, or of a tensor that stands at zero, beside which any rounding is infinite
            return "different" if self._exact else "undecided"
        if self.tolerance is None and distance.max_rel <= floor:
            return "same"
        if distance.max_rel > UNDECIDED * floor:
            return "different"
        return "same" if self._exact and self._gauge else "undecided"

    def by_rounding(self, distances: Sequence[Distance]) -> str:
        """The tensors that are the same only because rounding alone moves them as far."""
        if self.tolerance is None:
            return ""
        names = [d.tensor for d in distances if d.max_rel > self.tolerance and self.verdict(d) == "same"]
        return (
            f"within ten floors of rounding, beside parameters without a gradient: {', '.join(names)}" if names else ""
        )


def _keys(name: RungName, a: Arrays, b: Arrays, gauge: frozenset[str]) -> list[str]:
    prefix = f"weights/{last_step(a)}/" if name == "trajectory" else _PREFIX[name]
    return [key for key in a if key.startswith(prefix) and key in b and key.removeprefix(prefix) not in gauge]


def last_step(arrays: Arrays) -> int:
    """The last checkpoint of a trace."""
    return max(int(key.split("/")[1]) for key in arrays if key.startswith("weights/"))


def _distance(key: str, a: Trace, b: Trace) -> Distance:
    left, right = a.arrays[key], b.arrays[key]
    if key.startswith(("forward", "outcome")) and a.kind != b.kind:
        left, right = probabilities(left, a.kind), probabilities(right, b.kind)
    if left.shape != right.shape:
        left, right = left.reshape(-1), right.reshape(-1)
        if left.shape != right.shape:
            return Distance(tensor=f"{key}: shapes differ", max_rel=float("inf"))
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


def _detail(gauge: frozenset[str], name: RungName) -> str:
    if not gauge or name not in {"gradients", "step", "trajectory"}:
        return ""
    return "left out, because their true gradient is zero: " + ", ".join(sorted(gauge))


def _checkpoints(a: Arrays, b: Arrays, gauge: frozenset[str]) -> tuple[Checkpoint, ...]:
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
