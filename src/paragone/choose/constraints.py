"""Hard constraints: each is decided for each side by evidence of this run; without evidence it is not met."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean

from paragone.choose.criteria import Evidence
from paragone.choose.profile import Requirements
from paragone.choose.wording import figure
from paragone.records import Constraint, Side

_ROUNDING = 1e-12


def decide_constraints(required: Requirements, evidence: Evidence, sides: Sequence[Side]) -> tuple[Constraint, ...]:
    """Every constraint of a profile for every side."""
    ran = [_ran(evidence, side) for side in sides]
    running = [side for side, constraint in zip(sides, ran, strict=True) if constraint.met]
    learned = _learned(required, evidence, sides, running)
    small = (
        []
        if required.peak_memory_bytes is None
        else [_small(required.peak_memory_bytes, evidence, side) for side in sides]
    )
    return (*ran, *learned, *small)


def _ran(evidence: Evidence, side: Side) -> Constraint:
    contender = evidence.contender(side)
    failed = side.why or "it failed" if side.status == "failed" else ""
    if not failed and contender is not None and contender.status == "failed":
        failed = f"while timed: {contender.why or 'it failed'}"
    return Constraint(
        id="runs",
        text="runs to the end",
        side=side.name,
        met=not failed,
        evidence=failed or "it ran to the end in this run",
    )


def _learned(
    required: Requirements, evidence: Evidence, sides: Sequence[Side], running: Sequence[Side]
) -> list[Constraint]:
    """How well each side learned against the best: by accuracy, or by test loss where no side has an accuracy."""
    outcomes = {side.name: evidence.outcome(side) for side in sides}
    by_accuracy = required.loss_within is None or any(found and found.accuracy for found in outcomes.values())
    limit = required.accuracy_within if by_accuracy else required.loss_within
    if limit is None:
        return []
    means = {
        name: _mean((found.accuracy if by_accuracy else found.loss) if found else ())
        for name, found in outcomes.items()
    }
    among = [means[side.name] for side in running if math.isfinite(means[side.name])]
    decide = _near_accuracy if by_accuracy else _near_loss
    return [decide(side.name, means[side.name], among, limit) for side in sides]


def _mean(values: Sequence[float]) -> float:
    return fmean(values) if values else math.nan


def _near_accuracy(side: str, mean: float, among: Sequence[float], limit: float) -> Constraint:
    best = max(among, default=math.nan)
    return Constraint(
        id="accuracy-within",
        text=f"mean accuracy over seeds at most {100 * limit:g} points below the best",
        side=side,
        met=best - mean <= limit + _ROUNDING,
        evidence=_against(mean, best, "mean accuracy over seeds", "share"),
    )


def _near_loss(side: str, mean: float, among: Sequence[float], limit: float) -> Constraint:
    best = min(among, default=math.nan)
    return Constraint(
        id="loss-within",
        text=f"mean test loss over seeds at most {limit:.0%} above the best",
        side=side,
        met=mean - best <= limit * abs(best) + _ROUNDING,
        evidence=_against(mean, best, "mean test loss over seeds", ""),
    )


def _against(mean: float, best: float, what: str, unit: str) -> str:
    if not math.isfinite(mean):
        return f"no finite {what} in this run"
    return f"{what} {figure(mean, unit)}, the best {figure(best, unit)}"


def _small(limit: int, evidence: Evidence, side: Side) -> Constraint:
    contender = evidence.contender(side)
    peaks = [one.memory_bytes.peak for one in contender.sets] if contender else []
    if contender and contender.memory_bytes:
        peaks.append(contender.memory_bytes.peak)
    return Constraint(
        id="peak-memory-at-most",
        text=f"peak memory at most {figure(limit, 'bytes')}",
        side=side.name,
        met=bool(peaks) and max(peaks) <= limit,
        evidence=f"largest peak {figure(max(peaks), 'bytes')}" if peaks else "its memory was not measured in this run",
    )
