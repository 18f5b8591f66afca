"""A limit on any criterion: `latency-at-most = 0.01`, `accuracy-at-least = 0.9`, in the unit of the criterion's scale.

It is met where the whole interval of the value lies within it, in every run that decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from paragone.choose.candidates import Candidate
from paragone.choose.constraints.base import Decided, Rule, Setting, number, over
from paragone.choose.criteria import Kind, criteria
from paragone.choose.wording import figure, spread
from paragone.records import Interval

_ROUNDING = 1e-12


def limits() -> Iterator[Rule]:
    """The two limits of every criterion."""
    for kind in criteria().values():
        yield _limit(
            kind, "at-most", lambda value, limit: value.high <= limit * (1 + _ROUNDING), lambda end: (0.0, end)
        )
        yield _limit(
            kind, "at-least", lambda value, limit: value.low >= limit * (1 - _ROUNDING), lambda end: (end, float("inf"))
        )


def _limit(
    kind: Kind,
    side: str,
    within: Callable[[Interval, float], bool],
    ends: Callable[[float], tuple[float, float]],
) -> Rule:
    words = side.replace("-", " ")

    def decide(limit: object, candidate: Candidate, _: Setting) -> Decided:
        found = candidate.values(kind)
        decided = [
            Decided(within(value, number(limit)), f"{kind.label.lower()} {spread(value, kind.scale.unit)}", id_)
            for id_, (_, value) in found.items()
        ]
        return over(decided, f"no evidence: {kind.absent}")

    return Rule(
        id=f"{kind.id}-{side}",
        summary=f"{kind.label} {words} this",
        expects=f"a number of at least 0, in {kind.scale.unit}",
        read=partial(_read, kind),
        text=lambda limit: f"{kind.label.lower()} {words} {figure(number(limit), kind.scale.unit)}",
        decide=decide,
        leaves=lambda limit: {kind.id: ends(number(limit))},
    )


def _read(kind: Kind, value: object) -> float:
    limit = number(value)
    if kind.scale.unit == "share" and limit > 1:
        raise ValueError("a share from 0 to 1")
    return limit
