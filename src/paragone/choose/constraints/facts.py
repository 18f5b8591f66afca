"""That a dated fact holds: for each option the fact that says so, as `{pytorch = "frameworks/if-in-pytorch"}`.

The facts are those of `paragone claims`, and those that a profile brings itself in `[facts.NAME]`, named `mine/NAME`.
An option of which no fact is named does not meet it: what could not be sourced is not known.
"""

from __future__ import annotations

from collections.abc import Mapping

from paragone.choose.candidates import TITLES, Candidate, known_options
from paragone.choose.constraints.base import Decided, Rule, Setting
from paragone.choose.wording import listed
from paragone.records import Fact

_EXPECTS = f"a table of options ({', '.join(TITLES)}), each with the id of a fact that is true or false"


def _decide(value: object, candidate: Candidate, _: Setting) -> Decided:
    fact = _facts(value).get(candidate.key)
    if fact is None:
        return Decided(False, "no fact says so of it")
    return Decided(fact.value is True, f"{fact.says.rstrip('.')} ({fact.date})", f"{fact.id}: {fact.source}")


def _facts(value: object) -> Mapping[str, Fact]:
    """The facts by option, which the profile's reader found by their ids."""
    if not isinstance(value, Mapping) or not all(isinstance(fact, Fact) for fact in value.values()) or not value:
        raise ValueError(_EXPECTS)
    known_options(tuple(value))
    vague = [fact.id for fact in value.values() if not isinstance(fact.value, bool)]
    if vague:
        raise ValueError(f"{_EXPECTS}; of {listed(vague)} it is neither")
    return value


RULE = Rule(
    id="facts",
    summary="a dated fact with a source says so",
    expects=_EXPECTS,
    read=_facts,
    text=lambda value: f"holds by the facts {listed(dict.fromkeys(fact.id for fact in _facts(value).values()))}",
    decide=_decide,
    leaves=lambda value: {"option": frozenset(_facts(value))},
)
