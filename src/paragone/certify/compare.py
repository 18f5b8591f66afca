"""Where two records of the same proof part."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from paragone.records import Pair, Proof, Rung

ROUNDING = 1e-6
"""Relative difference of two distances that were computed from the same arrays on two machines."""


def differences(recorded: Proof, found: Proof, *, distances: bool) -> list[str]:
    """What a proof that was made again says otherwise: verdicts and causes, and its distances where they must agree."""
    rows = []
    if recorded.verdict != found.verdict:
        rows.append(f"the verdict is {found.verdict}, and {recorded.verdict} in the record")
    if recorded.tolerances != found.tolerances:
        rows.append("the tolerances are others")
    if recorded.steps != found.steps:
        rows.append(f"it has {found.steps} steps, and {recorded.steps} in the record")
    rows += _pairs(recorded.pairs, found.pairs, "", distances)
    rows += _pairs(recorded.corrected, found.corrected, " with the causes removed", distances)
    return rows


def equal_distances(recorded: Proof, found: Proof) -> tuple[int, int]:
    """How many distances of rungs are the same to the last digit, of how many."""
    pairs = zip((*recorded.pairs, *recorded.corrected), (*found.pairs, *found.corrected), strict=False)
    rungs = [both for a, b in pairs for both in zip(a.rungs, b.rungs, strict=False)]
    measured = [(a.max_rel, b.max_rel) for a, b in rungs if a.max_rel is not None]
    return sum(a == b for a, b in measured), len(measured)


def _pairs(recorded: Sequence[Pair], found: Sequence[Pair], state: str, distances: bool) -> Iterator[str]:
    again = {(pair.a, pair.b): pair for pair in found}
    if len(again) != len(recorded):
        yield f"it has {len(again)} pairs{state}, and {len(recorded)} in the record"
    for pair in recorded:
        name = f"{pair.a} with {pair.b}{state}"
        other = again.get((pair.a, pair.b))
        if other is None:
            yield f"{name} is not among its pairs"
            continue
        if pair.verdict != other.verdict:
            yield f"{name} is {other.verdict}, and {pair.verdict} in the record"
        if _causes(pair) != _causes(other):
            yield f"{name} has other causes: {_causes(other)}, and {_causes(pair)} in the record"
        yield from _rungs(name, pair.rungs, other.rungs, distances)


def _causes(pair: Pair) -> str:
    return ", ".join(f"{cause.trap} in {cause.side}" for cause in pair.causes) or "none"


def _rungs(name: str, recorded: Sequence[Rung], found: Sequence[Rung], distances: bool) -> Iterator[str]:
    again = {(rung.name, rung.dtype): rung for rung in found}
    for rung in recorded:
        other = again.get((rung.name, rung.dtype))
        place = f"{name}, rung {rung.name} in {rung.dtype}"
        if other is None:
            yield f"{place} is not there"
        elif rung.verdict != other.verdict and (distances or rung.dtype == "float64"):
            yield f"{place} is {other.verdict}, and {rung.verdict} in the record"
        elif distances and not _close(rung.max_rel, other.max_rel):
            yield f"{place} is {other.max_rel} apart, and {rung.max_rel} in the record"


def _close(a: float | None, b: float | None) -> bool:
    if a is None or b is None:
        return a is b
    return a == b or math.isclose(a, b, rel_tol=ROUNDING)
