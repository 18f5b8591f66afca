"""Records of a choice: constraints, criteria, ranking."""

from __future__ import annotations

from typing import Literal

from paragone.records.base import Interval, Record


class Constraint(Record):
    """A hard requirement and whether a side meets it."""

    id: str
    text: str
    side: str
    met: bool
    evidence: str


class CriterionValue(Record):
    """One side's value on one criterion, and its utility on the criterion's fixed scale (0 to 1)."""

    side: str
    value: Interval
    utility: Interval


class Criterion(Record):
    """What is weighed: `worst` and `best` are the fixed ends of its scale, in `unit`."""

    id: str
    label: str
    unit: str
    weight: float
    worst: float
    best: float
    evidence: str
    values: tuple[CriterionValue, ...]


class Ranked(Record):
    """One side's place: its score with interval and how often it is the best over all draws."""

    side: str
    score: Interval
    p_best: float


class Choice(Record):
    """The recommendation, or why there is none."""

    profile: str
    description: str
    verdict: Literal["winner", "no robust winner", "nothing to choose"]
    winner: str | None
    constraints: tuple[Constraint, ...]
    criteria: tuple[Criterion, ...]
    ranking: tuple[Ranked, ...]
    because: tuple[str, ...]
    flips: tuple[str, ...]
    not_weighed: tuple[str, ...] = ()
