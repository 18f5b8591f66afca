"""Step: the learning rate is multiplied by a factor every so many steps.

`staircase` of the exponential schedules of Keras (keras/src/optimizers/schedules/learning_rate_schedule.py, 3.15) and
Optax (optax/schedules/_schedule.py, 0.2.8); torch.optim.lr_scheduler.StepLR (2.13) counts calls of its `step` (row F1).
"""

from __future__ import annotations

from paragone.schedules.base import ScheduleKind, ScheduleSite, ScheduleSpelled
from paragone.schedules.shared import floating, keras_schedule, number, torch_schedule
from paragone.spelling.entry import Options, Positive, Size


class Step(Options):
    """Options of a schedule in steps."""

    every: Size
    factor: Positive = 0.1


def _rate(o: Step, rate: float, step: int) -> float:
    return float(rate * o.factor ** (step // o.every))


def _keras(site: ScheduleSite) -> ScheduleSpelled:
    o: Step = site.options
    rate, factor = number(site, site.learning_rate), number(site, o.factor)
    return keras_schedule(site, "ExponentialDecay", rate, o.every, factor, staircase=True)


def _torch(site: ScheduleSite) -> ScheduleSpelled:
    return torch_schedule("StepLR", step_size=site.options.every, gamma=site.given("factor", 0.1))


def _jax(site: ScheduleSite) -> ScheduleSpelled:
    o: Step = site.options
    return floating(site, "exponential_decay", site.learning_rate, o.every, o.factor, staircase=True)


SCHEDULE = ScheduleKind(
    "step",
    "rate · factor^⌊step / every⌋",
    Step,
    _rate,
    {"tensorflow": _keras, "torch": _torch, "jax": _jax},
    rows=("F1", "F4", "F13"),
    examples=({"every": 10}, {"every": 7, "factor": 0.6}),
)
