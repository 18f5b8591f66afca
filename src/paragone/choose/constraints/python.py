"""That a candidate ran to the end on this version of Python: `python = "3.12"`."""

from __future__ import annotations

import re

from paragone.choose.candidates import Candidate, Found
from paragone.choose.constraints.base import Decided, Rule, Setting, over

_VERSION = re.compile(r"3\.\d{1,2}")


def python_of(found: Found) -> str:
    """The minor version that a side ran on; nothing where the run does not say."""
    told = found.side.python or (found.evidence.machine.python if found.evidence.machine else "")
    version = _VERSION.search(told)
    return version[0] if version else ""


def _decide(value: object, candidate: Candidate, _: Setting) -> Decided:
    ran = [one for one in candidate.found if one.side.status == "ok" and python_of(one)]
    there = [Decided(True, f"it ran on Python {value}", one.evidence.id) for one in ran if python_of(one) == value]
    others = ", ".join(sorted({python_of(one) for one in ran}))
    return over(there[:1], f"no run of it on Python {value}" + (f", only on {others}" if others else ""))


def _read(value: object) -> str:
    if not isinstance(value, str) or not _VERSION.fullmatch(value):
        raise ValueError('a version as text, such as "3.12"')
    return value


RULE = Rule(
    id="python",
    summary="ran to the end on this version of Python",
    expects='a version as text, such as "3.12"',
    read=_read,
    text=lambda value: f"runs on Python {value}",
    decide=_decide,
)
