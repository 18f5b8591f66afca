"""That a candidate comes to targets: all that are named.

It came where the artifact's verdict is `same`, `less precise` as the target computes in a shorter format, or
`quantised` where that was asked for. Which framework can come to a target at all is known without a run: it must write
a format that the target reads.
"""

from __future__ import annotations

from paragone.choose.candidates import Candidate, Found
from paragone.choose.constraints.base import Decided, Rule, Setting, names, over, own_first
from paragone.choose.constraints.writers import known_targets, who_writes
from paragone.choose.criteria.base import ARRIVED
from paragone.choose.wording import listed


def arrived(found: Found, target: str) -> Decided | None:
    """Whether the side came to this target in this run; None where nobody tried."""
    tried = next((one for one in found.evidence.artifacts if (one.side, one.target) == (found.side.name, target)), None)
    if tried is None:
        return None
    why = f" ({tried.why})" if tried.why and tried.verdict not in ARRIVED else ""
    return Decided(tried.verdict in ARRIVED, f"{tried.title}: {tried.verdict}{why}", found.evidence.id)


def decided_for(candidate: Candidate, target: str) -> Decided:
    """Whether a candidate comes to a target in every run that tried it."""
    tried = [one for one in candidate.found if arrived(one, target) is not None]
    found = [decided for one in own_first(tried) if (decided := arrived(one, target)) is not None]
    return over(found, f"{target}: no run tried it")


def _decide(value: object, candidate: Candidate, _: Setting) -> Decided:
    return over([decided_for(candidate, target) for target in names(value)], "")


def _read(value: object) -> tuple[str, ...]:
    return known_targets(names(value))


RULE = Rule(
    id="reaches",
    summary="comes to every one of these targets",
    expects="a list of targets, as `paragone deploy --list` has them",
    read=_read,
    text=lambda value: f"comes to {listed(names(value))}",
    decide=_decide,
    leaves=lambda value: {"option": frozenset.intersection(*(who_writes(target) for target in names(value)))},
)
