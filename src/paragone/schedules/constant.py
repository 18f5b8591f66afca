"""Constant: the learning rate stays as it is."""

from __future__ import annotations

from paragone.schedules.base import ScheduleKind, ScheduleSite, ScheduleSpelled
from paragone.schedules.shared import optax_schedule, torch_schedule
from paragone.spelling.code import Code, number
from paragone.spelling.entry import NoOptions


def _keras(site: ScheduleSite) -> ScheduleSpelled:
    """A number: Keras has no schedule for it."""
    return ScheduleSpelled(Code(number(site.learning_rate)))


SCHEDULE = ScheduleKind(
    "constant",
    "rate",
    NoOptions,
    lambda _options, rate, _step: rate,
    {
        "tensorflow": _keras,
        "torch": lambda _: torch_schedule("ConstantLR", factor=1.0),
        "jax": lambda site: optax_schedule("constant_schedule", site.learning_rate),
    },
    rows=("F1",),
)
