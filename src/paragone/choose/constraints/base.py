"""What a hard constraint is: what a profile may write, what decides it, and what it leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from paragone.choose.candidates import Candidate, Found

ONE_OF = frozenset[str]
RANGE = tuple[float, float]


@dataclass(frozen=True)
class Decided:
    """Whether a candidate meets a constraint, by what evidence, and where that is from (a run's id, or a fact's)."""

    met: bool
    evidence: str
    source: str = ""


@dataclass(frozen=True)
class Setting:
    """What a constraint is decided in: all that the profile asks for, and the candidates that ran to the end."""

    asked: Mapping[str, object]
    running: Sequence[Candidate]


def everything(_: object) -> Mapping[str, ONE_OF | RANGE]:
    """What is left by a constraint that no other can contradict."""
    return {}


@dataclass(frozen=True)
class Rule:
    """A kind of hard constraint.

    Args:
        id: as profiles write it.
        summary: what it requires, in a few words, for the table of the docs.
        expects: what a profile may write, in words.
        read: the value of a profile, checked; it raises a ValueError for what cannot be used.
        text: the constraint in words.
        decide: whether a candidate meets it; None where it does not apply.
        leaves: what it leaves open, by subject: a set of names, or the ends of a range. Two constraints that leave
            nothing of one subject contradict each other.
    """

    id: str
    summary: str
    expects: str
    read: Callable[[object], object]
    text: Callable[[object], str]
    decide: Callable[[object, Candidate, Setting], Decided | None]
    leaves: Callable[[object], Mapping[str, ONE_OF | RANGE]] = everything


def number(value: object) -> float:
    """A finite number of at least 0."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        raise ValueError("a number of at least 0")
    return float(value)


def names(value: object) -> tuple[str, ...]:
    """Names: a list of texts, or one text."""
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list | tuple) or not listed or not all(isinstance(one, str) and one for one in listed):
        raise ValueError("a list of names")
    return tuple(listed)


def own_first(found: Iterable[Found]) -> list[Found]:
    """The user's own runs of these, or the others where there are none."""
    every = list(found)
    return [one for one in every if one.evidence.own] or every


def over(decided: Sequence[Decided], absent: str) -> Decided:
    """The verdict over several runs: met where every one says so, and not without any."""
    if not decided:
        return Decided(False, absent)
    failed = [one for one in decided if not one.met]
    shown = failed or decided
    told = "; ".join(dict.fromkeys(one.evidence for one in shown))
    return Decided(not failed, told, ", ".join(dict.fromkeys(one.source for one in shown if one.source)))
