"""Warm-up: the learning rate rises along a line from 0 and stays.

The first update has a rate of 0, as in Keras' and Optax' schedules with a warm-up. Keras' PolynomialDecay
(keras/src/optimizers/schedules/learning_rate_schedule.py, 3.15) may rise too, as optax.linear_schedule (0.2.8) may.
PyTorch's LinearLR (torch/optim/lr_scheduler.py, 2.13) cannot start at 0.
"""

from __future__ import annotations

from paragone.schedules.base import ScheduleKind, ScheduleSite, ScheduleSpelled
from paragone.schedules.shared import floating, keras_schedule, number, torch_schedule
from paragone.spelling.code import Code
from paragone.spelling.entry import Options, Size


class Warmup(Options):
    """Options of a warm-up."""

    warmup: Size


def _rate(o: Warmup, rate: float, step: int) -> float:
    return rate * min(step / o.warmup, 1.0)


def _keras(site: ScheduleSite) -> ScheduleSpelled:
    end = number(site, site.learning_rate)
    return keras_schedule(site, "PolynomialDecay", number(site, 0.0), site.options.warmup, end_learning_rate=end)


def _torch(site: ScheduleSite) -> ScheduleSpelled:
    return torch_schedule("LambdaLR", Code(f"lambda step: min(step / {site.options.warmup}, 1.0)"))


def _jax(site: ScheduleSite) -> ScheduleSpelled:
    return floating(site, "linear_schedule", 0.0, site.learning_rate, transition_steps=site.options.warmup)


SCHEDULE = ScheduleKind(
    "warmup",
    "rate · min(step / warmup, 1)",
    Warmup,
    _rate,
    {"tensorflow": _keras, "torch": _torch, "jax": _jax},
    rows=("F1", "F13"),
    examples=({"warmup": 10}, {"warmup": 1}),
)
