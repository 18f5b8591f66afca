"""That a candidate comes to one target at least of those that are named."""

from __future__ import annotations

from paragone.choose.candidates import Candidate
from paragone.choose.constraints.base import Decided, Rule, Setting, names, over
from paragone.choose.constraints.reaches import decided_for
from paragone.choose.constraints.writers import known_targets, who_writes


def _decide(value: object, candidate: Candidate, _: Setting) -> Decided:
    every = [decided_for(candidate, target) for target in names(value)]
    return over([one for one in every if one.met] or every, "")


RULE = Rule(
    id="reaches-any",
    summary="comes to one of these targets at least",
    expects="a list of targets, as `paragone deploy --list` has them",
    read=lambda value: known_targets(names(value)),
    text=lambda value: f"comes to {' or '.join(names(value))}",
    decide=_decide,
    leaves=lambda value: {"option": frozenset.union(*(who_writes(target) for target in names(value)))},
)
