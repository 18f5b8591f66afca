"""Exponential: the learning rate falls by a factor over so many steps, and a little in every step.

Continuous in Keras (keras/src/optimizers/schedules/learning_rate_schedule.py, 3.15) and Optax
(optax/schedules/_schedule.py, 0.2.8) unless `staircase`, which is the schedule `step`; PyTorch's ExponentialLR
(torch/optim/lr_scheduler.py, 2.13) has the factor of one step (row F4).
"""

from __future__ import annotations

from paragone.schedules.base import ScheduleKind, ScheduleSite, ScheduleSpelled
from paragone.schedules.shared import Factor, floating, keras_schedule, number, torch_schedule
from paragone.spelling.code import Code, literal
from paragone.spelling.entry import Options, Size


class Exponential(Options):
    """Options of an exponential schedule."""

    steps: Size
    factor: Factor = 0.1


def _rate(o: Exponential, rate: float, step: int) -> float:
    return float(rate * o.factor ** (step / o.steps))


def _keras(site: ScheduleSite) -> ScheduleSpelled:
    o: Exponential = site.options
    rate, factor = number(site, site.learning_rate), number(site, o.factor)
    return keras_schedule(site, "ExponentialDecay", rate, o.steps, factor)


def _torch(site: ScheduleSite) -> ScheduleSpelled:
    o: Exponential = site.options
    if o.steps == 1 and not site.matched:
        return torch_schedule("ExponentialLR", gamma=o.factor)
    return torch_schedule("LambdaLR", Code(f"lambda step: {literal(o.factor)} ** (step / {o.steps})"))


def _jax(site: ScheduleSite) -> ScheduleSpelled:
    o: Exponential = site.options
    return floating(site, "exponential_decay", site.learning_rate, o.steps, o.factor)


SCHEDULE = ScheduleKind(
    "exponential",
    "rate · factor^(step / steps)",
    Exponential,
    _rate,
    {"tensorflow": _keras, "torch": _torch, "jax": _jax},
    rows=("F1", "F4", "F13"),
    examples=({"steps": 20}, {"steps": 1, "factor": 0.97}),
)
