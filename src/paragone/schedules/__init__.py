"""One file per schedule: the learning rate by training step, and how each framework spells it."""

from __future__ import annotations

from functools import cache

from paragone.schedules.base import ScheduleKind
from paragone.words import Words


@cache
def schedule_kinds() -> Words[ScheduleKind]:
    """All schedules, found by the files in this folder."""
    return Words({__name__: __path__}, "SCHEDULE", ("base", "shared", "warming"))
