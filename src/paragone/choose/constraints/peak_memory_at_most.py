"""A limit on memory in training: the largest peak of any timed process, since what does not fit is killed at once."""

from __future__ import annotations

from paragone.choose.candidates import Candidate, Found
from paragone.choose.constraints.base import Decided, Rule, Setting, number, over, own_first
from paragone.choose.wording import figure


def _peaks(found: Found) -> list[int]:
    contender = found.evidence.contender(found.side)
    peaks = [one.memory_bytes.peak for one in contender.sets] if contender else []
    if contender and contender.memory_bytes:
        peaks.append(contender.memory_bytes.peak)
    return peaks


def _decide(limit: object, candidate: Candidate, _: Setting) -> Decided:
    found = [(one, max(_peaks(one))) for one in own_first(one for one in candidate.found if _peaks(one))]
    decided = [
        Decided(peak <= number(limit), f"largest peak {figure(peak, 'bytes')}", one.evidence.id) for one, peak in found
    ]
    return over(decided, "its memory was not measured")


RULE = Rule(
    id="peak-memory-at-most",
    summary="largest peak of any timed process, in bytes",
    expects="a number of bytes",
    read=number,
    text=lambda limit: f"peak memory at most {figure(number(limit), 'bytes')}",
    decide=_decide,
    leaves=lambda limit: {"peak-memory": (0.0, number(limit))},
)
