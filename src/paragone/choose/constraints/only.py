"""That the choice is among these options: a team may have decided that much already."""

from __future__ import annotations

from paragone.choose.candidates import TITLES, Candidate, known_options
from paragone.choose.constraints.base import Decided, Rule, Setting, names

PROFILE = "the profile"


def _decide(value: object, candidate: Candidate, _: Setting) -> Decided:
    return Decided(candidate.key in names(value), f"it is {TITLES.get(candidate.key, candidate.key)}", PROFILE)


RULE = Rule(
    id="only",
    summary="is one of these options",
    expects=f"a list of options, of {', '.join(TITLES)}",
    read=lambda value: known_options(names(value)),
    text=lambda value: f"is {' or '.join(TITLES.get(name, name) for name in names(value))}",
    decide=_decide,
    leaves=lambda value: {"option": frozenset(names(value))},
)
