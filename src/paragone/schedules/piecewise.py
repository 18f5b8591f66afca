"""Piecewise: the learning rate is multiplied by a factor at given steps.

The update of a boundary has the new rate in PyTorch (torch/optim/lr_scheduler.py, MultiStepLR, 2.13) and Optax
(optax/schedules/_schedule.py, piecewise_constant_schedule, 0.2.8), still the old one in Keras
(keras/src/optimizers/schedules/learning_rate_schedule.py, PiecewiseConstantDecay, 3.15; row F3).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from paragone.schedules.base import ScheduleKind, ScheduleSite, ScheduleSpelled
from paragone.schedules.shared import EXACT, Factor, number, optax_schedule, torch_schedule
from paragone.spelling.code import Code, construct, literal
from paragone.spelling.entry import Options, Size
from paragone.spelling.spelled import Note


def _rising(steps: tuple[int, ...]) -> tuple[int, ...]:
    if list(steps) != sorted(set(steps)):
        raise ValueError("steps in rising order")
    return steps


class Piecewise(Options):
    """Options of a piecewise constant schedule."""

    boundaries: Annotated[tuple[Size, ...], Field(min_length=1, max_length=100), AfterValidator(_rising)]
    factor: Factor = 0.1


def _rate(o: Piecewise, rate: float, step: int) -> float:
    return float(rate * o.factor ** sum(step >= boundary for boundary in o.boundaries))


def _keras(site: ScheduleSite) -> ScheduleSpelled:
    o: Piecewise = site.options
    values = [_rate(o, site.learning_rate, step) for step in (0, *o.boundaries)]
    listed = ", ".join(literal(number(site, value)) for value in values)
    boundaries = [boundary - 1 for boundary in o.boundaries] if site.matched else list(o.boundaries)
    made = construct("keras.optimizers.schedules.PiecewiseConstantDecay", Code(repr(boundaries)), Code(f"[{listed}]"))
    late = Note("F3", "the step of a boundary still has the old rate in Keras")
    return ScheduleSpelled(made.code(), notes=(late, EXACT))


def _torch(site: ScheduleSite) -> ScheduleSpelled:
    boundaries = Code(repr(list(site.options.boundaries)))
    return torch_schedule("MultiStepLR", boundaries, gamma=site.given("factor", 0.1))


def _jax(site: ScheduleSite) -> ScheduleSpelled:
    o: Piecewise = site.options
    scales = Code(repr(dict.fromkeys(o.boundaries, o.factor)))
    return optax_schedule("piecewise_constant_schedule", site.learning_rate, scales)


SCHEDULE = ScheduleKind(
    "piecewise",
    "rate · factor^(how many boundaries ≤ step)",
    Piecewise,
    _rate,
    {"tensorflow": _keras, "torch": _torch, "jax": _jax},
    rows=("F1", "F3", "F13"),
    examples=({"boundaries": [5, 20]}, {"boundaries": [1], "factor": 0.5}),
)
