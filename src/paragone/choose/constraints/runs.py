"""That a candidate runs to the end: always required."""

from __future__ import annotations

from paragone.choose.candidates import Candidate, Found
from paragone.choose.constraints.base import Decided, Rule, Setting, over, own_first


def _ran(found: Found) -> Decided:
    side, contender = found.side, found.evidence.contender(found.side)
    failed = side.why or "it failed" if side.status == "failed" else ""
    if not failed and contender is not None and contender.status == "failed":
        failed = f"while timed: {contender.why or 'it failed'}"
    return Decided(not failed, failed or "it ran to the end", found.evidence.id)


def _decide(_: object, candidate: Candidate, __: Setting) -> Decided:
    return over([_ran(found) for found in own_first(candidate.found)], "no run has it: nothing is known of it here")


def _read(value: object) -> bool:
    if value is not True:
        raise ValueError("true: it is always required")
    return True


RULE = Rule(
    id="runs",
    summary="runs to the end; always required",
    expects="true",
    read=_read,
    text=lambda _: "runs to the end",
    decide=_decide,
)
