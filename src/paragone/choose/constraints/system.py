"""That a candidate ran to the end on this system: `system = "Linux"`."""

from __future__ import annotations

from paragone.choose.candidates import Candidate
from paragone.choose.constraints.base import Decided, Rule, Setting, over

SYSTEMS = ("Linux", "Darwin", "Windows")


def _words(system: str) -> list[str]:
    """A machine's system is its distribution and its kernel, in words."""
    return system.replace(",", " ").split()


def _decide(value: object, candidate: Candidate, _: Setting) -> Decided:
    ran = [(one, one.evidence.machine.system) for one in candidate.found if one.evidence.machine]
    ran = [(one, system) for one, system in ran if one.side.status == "ok"]
    there = [Decided(True, f"it ran on {system}", one.evidence.id) for one, system in ran if value in _words(system)]
    others = ", ".join(sorted({one for _, system in ran for one in SYSTEMS if one in _words(system)}))
    return over(there[:1], f"no run of it on {value}" + (f", only on {others}" if others else ""))


def _read(value: object) -> str:
    if value not in SYSTEMS:
        raise ValueError(f"one of {', '.join(SYSTEMS)}")
    return str(value)


RULE = Rule(
    id="system",
    summary="ran to the end on this system",
    expects=f"one of {', '.join(SYSTEMS)}",
    read=_read,
    text=lambda value: f"runs on {value}",
    decide=_decide,
)
