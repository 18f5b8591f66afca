"""One file per schedule: the learning rate by training step, and how each framework spells it."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from paragone.schedules.base import ScheduleKind

_NO_SCHEDULES = {"base", "shared", "warming"}


@cache
def schedule_kinds() -> dict[str, ScheduleKind]:
    """All schedules, found by the files in this folder."""
    names = sorted(info.name for info in iter_modules(__path__) if info.name not in _NO_SCHEDULES)
    return {kind.name: kind for kind in (import_module(f"{__name__}.{name}").SCHEDULE for name in names)}
