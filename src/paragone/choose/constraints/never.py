"""That the choice is not one of these options."""

from __future__ import annotations

from paragone.choose.candidates import TITLES, Candidate, known_options
from paragone.choose.constraints.base import Decided, Rule, Setting, names
from paragone.choose.constraints.only import PROFILE


def _decide(value: object, candidate: Candidate, _: Setting) -> Decided:
    return Decided(candidate.key not in names(value), f"it is {TITLES.get(candidate.key, candidate.key)}", PROFILE)


RULE = Rule(
    id="never",
    summary="is none of these options",
    expects=f"a list of options, of {', '.join(TITLES)}",
    read=lambda value: known_options(names(value)),
    text=lambda value: f"is not {' or '.join(TITLES.get(name, name) for name in names(value))}",
    decide=_decide,
    leaves=lambda value: {"option": frozenset(TITLES) - frozenset(names(value))},
)
