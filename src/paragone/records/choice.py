"""Records of a choice: options, constraints, criteria, how surely each option is first, and what it rests on."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from paragone.records.base import Interval, Record

ChoiceVerdict = Literal["winner", "no robust winner", "nothing to choose"]
OptionStatus = Literal["compared", "out", "no evidence"]
GapState = Literal["apart", "tied", "one unknown", "both unknown", "never in one run"]
WeighingKind = Literal["weights", "order", "nothing"]


class Constraint(Record):
    """A hard requirement and whether a side meets it; `source` is the run, or the fact, that decided."""

    id: str
    text: str
    side: str
    met: bool
    evidence: str
    source: str = ""


class CriterionValue(Record):
    """One side's value on one criterion, and its utility on the criterion's fixed scale (0 to 1).

    `source` are the runs that it comes from, with commas between them.
    """

    side: str
    value: Interval
    utility: Interval
    source: str = ""


class Criterion(Record):
    """What is weighed: `worst` and `best` are the fixed ends of its scale, in `unit`.

    `log` says that equal ratios count equally on it, and `least` is the smallest difference that counts: a ratio there,
    and else a difference.
    """

    id: str
    label: str
    unit: str
    weight: float
    worst: float
    best: float
    evidence: str
    values: tuple[CriterionValue, ...]
    log: bool = False
    least: float = 0.0


class Ranked(Record):
    """One side's place: its score with interval, and the share of the draws in which nobody beats it.

    Those that the evidence cannot tell apart do not beat each other, so shares may add up to more than one. `covered`
    is the share of the weight for which it has evidence.
    """

    side: str
    score: Interval
    p_best: float
    covered: float = 1.0


class Gap(Record):
    """What one criterion says about two options: the utility of `a` less that of `b`, from `low` to `high`.

    The two are equal where both values are known; `spread` is the standard deviation that their intervals leave. What
    the evidence cannot tell apart is `tied` and 0.
    """

    criterion: str
    state: GapState
    low: float
    high: float
    spread: float = 0.0


class Duel(Record):
    """Two options: in what share of the draws each is surely ahead of the other.

    `level` says that no criterion tells them apart: they are of one class.
    """

    a: str
    b: str
    a_ahead: float
    b_ahead: float
    level: bool
    gaps: tuple[Gap, ...]


class Option(Record):
    """What can be chosen: a framework on a backend, or a side of one run; `runs` are those that it took part in."""

    name: str
    title: str
    framework: str
    backend: str
    versions: tuple[str, ...] = ()
    status: OptionStatus
    why: str = ""
    runs: tuple[str, ...] = ()


class Weighing(Record):
    """What was said about the weights: numbers with a concentration, an order only, or nothing."""

    kind: WeighingKind = "weights"
    weights: dict[str, float] = Field(default_factory=dict)
    order: tuple[str, ...] = ()
    concentration: float | None = None


class Source(Record):
    """A run or a fact that the choice rests on, with its date; `look_again` is a day, or what has to happen first."""

    id: str
    what: str
    made: str
    look_again: str


class Choice(Record):
    """The recommendation, or why there is none.

    `winners` are the options that are recommended: of several it is said that the evidence cannot tell them apart, and
    then `winner` is None. `made` is the day of the latest evidence.
    """

    profile: str
    description: str
    verdict: ChoiceVerdict
    winner: str | None
    constraints: tuple[Constraint, ...]
    criteria: tuple[Criterion, ...]
    ranking: tuple[Ranked, ...]
    because: tuple[str, ...]
    flips: tuple[str, ...]
    not_weighed: tuple[str, ...] = ()
    winners: tuple[str, ...] = ()
    made: str = ""
    options: tuple[Option, ...] = ()
    duels: tuple[Duel, ...] = ()
    weighing: Weighing = Weighing()
    sources: tuple[Source, ...] = ()
    best_case: tuple[str, ...] = ()
    signed_by: tuple[str, ...] = ()
    seed: int = 0
    draws: int = 0
