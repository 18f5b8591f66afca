"""Where two records of the same proof part."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import Any

from paragone.records import Pair, Proof, Rung

ROUNDING = 1e-6
"""Relative difference of two distances that were computed from the same arrays on two machines."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e[+-]?\d+)?")
_UNITS = 1.01
"""How many units of its last digit a number in a sentence may be off."""


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


def unlike(recorded: Proof, found: Proof) -> list[str]:
    """Whatever else of a proof is otherwise: places, fixes, what causes are worth, every sentence; not by rounding."""
    return [f"{path} is otherwise in the record" for path in _unlike("proof", _plain(recorded), _plain(found))]


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


def _plain(proof: Proof) -> Any:
    return proof.model_dump(mode="json")


def _unlike(path: str, a: Any, b: Any) -> Iterator[str]:
    """Where two trees of plain data part, each branch once."""
    if isinstance(a, dict) and isinstance(b, dict) and a.keys() == b.keys():
        for key in a:
            yield from _unlike(f"{path}.{key}", a[key], b[key])
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for number, (left, right) in enumerate(zip(a, b, strict=True)):
            yield from _unlike(f"{path}[{number}]", left, right)
    elif isinstance(a, str) and isinstance(b, str):
        if not _alike(a, b):
            yield path
    elif isinstance(a, float) and isinstance(b, float):
        if not _close(a, b):
            yield path
    elif a != b:
        yield path


def _alike(a: str, b: str) -> bool:
    """Whether two sentences are the same but for the last digit of their numbers."""
    numbers = zip(_NUMBER.findall(a), _NUMBER.findall(b), strict=False)
    return _NUMBER.split(a) == _NUMBER.split(b) and all(
        abs(float(x) - float(y)) <= _UNITS * _unit(x) for x, y in numbers
    )


def _unit(number: str) -> float:
    """Of the last digit: 0.01 of `1.25`; whole numbers are counts and have none."""
    digits, _, power = number.partition("e")
    decimals = len(digits.partition(".")[2])
    return 10.0 ** (int(power or 0) - decimals) if decimals or power else 0.0


def _close(a: float | None, b: float | None) -> bool:
    if a is None or b is None:
        return a is b
    return a == b or math.isclose(a, b, rel_tol=ROUNDING)
