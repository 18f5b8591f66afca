"""Hard constraints: one file each, found by its name, each with a `RULE`; and a limit on every criterion.

Each is decided for each candidate by evidence, and without evidence it is not met. That a candidate runs to the end is
always required.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from itertools import combinations
from pkgutil import iter_modules

from paragone.choose.candidates import Candidate
from paragone.choose.constraints.base import ONE_OF, RANGE, Rule, Setting, everything
from paragone.choose.constraints.limits import limits
from paragone.records import Constraint

__all__ = ["Rule", "contradiction", "decide_constraints", "rules"]

ALWAYS = "runs"
_HELPERS = {"base", "limits", "writers"}


@cache
def rules() -> dict[str, Rule]:
    """Every kind of constraint by its id: those with a file first, then the limits."""
    found = sorted(module.name for module in iter_modules(__path__) if module.name not in _HELPERS)
    written: list[Rule] = [import_module(f"{__name__}.{name}").RULE for name in found]
    every = {rule.id: rule for rule in limits()} | {rule.id: rule for rule in written}
    return {rule.id: every[rule.id] for rule in (*written, *limits())}


def decide_constraints(asked: Mapping[str, object], candidates: Sequence[Candidate]) -> tuple[Constraint, ...]:
    """Every constraint of a profile for every candidate that some run has; others do not run, and nothing more is said.

    What a candidate is held against are those that ran to the end.
    """
    ran = _decided(ALWAYS, True, candidates, Setting(asked, candidates))
    running = [one for one, constraint in zip(candidates, ran, strict=True) if constraint.met]
    seen = [one for one in candidates if one.found]
    more = [_decided(id_, value, seen, Setting(asked, running)) for id_, value in asked.items() if id_ != ALWAYS]
    return (*ran, *(constraint for found in more for constraint in found))


def _decided(id_: str, value: object, candidates: Sequence[Candidate], setting: Setting) -> list[Constraint]:
    rule = rules()[id_]
    return [
        Constraint(
            id=id_,
            text=rule.text(value),
            side=candidate.name,
            met=decided.met,
            evidence=decided.evidence,
            source=decided.source,
        )
        for candidate in candidates
        if (decided := rule.decide(value, candidate, setting)) is not None
    ]


def contradiction(asked: Mapping[str, object]) -> tuple[str, str, str] | None:
    """Two constraints that nothing could meet together, and what they are about; None where there are none."""
    narrow = [id_ for id_ in asked if rules()[id_].leaves is not everything]
    if len(narrow) < 2:
        return None
    left = {id_: rules()[id_].leaves(asked[id_]) for id_ in narrow}
    for a, b in combinations(narrow, 2):
        for subject in left[a].keys() & left[b].keys():
            if not _together(left[a][subject], left[b][subject]):
                return a, b, subject
    return None


def _together(a: ONE_OF | RANGE, b: ONE_OF | RANGE) -> bool:
    """Whether anything is left by both."""
    if isinstance(a, frozenset) and isinstance(b, frozenset):
        return bool(a & b)
    if isinstance(a, frozenset) or isinstance(b, frozenset):
        return True
    return max(a[0], b[0]) <= min(a[1], b[1])
