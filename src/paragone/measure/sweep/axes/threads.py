"""`threads=1..8`: CPU threads of each framework. More of them never cost more along a line, so no line is fitted."""

from __future__ import annotations

import re
from dataclasses import replace

from paragone.measure.sweep.axes.base import Axis, Setting


def at(setting: Setting, _text: str, size: int) -> Setting:
    """So many threads, which a framework takes when it starts."""
    return replace(setting, threads=size)


AXIS = Axis(
    form="threads",
    takes=re.compile(r"threads"),
    at=at,
    called=lambda _: "threads",
    counted=lambda _: "thread",
    place=2,
    line=False,
)
