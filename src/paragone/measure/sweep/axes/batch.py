"""`batch=1..4096`: how many samples a step takes."""

from __future__ import annotations

import re
from dataclasses import replace

from paragone.measure.sweep.axes.base import Axis, Setting


def at(setting: Setting, _text: str, size: int) -> Setting:
    """So many samples a step."""
    return replace(setting, batch_size=size)


AXIS = Axis(
    form="batch",
    takes=re.compile(r"batch"),
    at=at,
    called=lambda _: "batch size",
    counted=lambda _: "sample",
    place=1,
)
