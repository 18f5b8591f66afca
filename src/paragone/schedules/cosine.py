"""Cosine: the learning rate falls along half a cosine to a fraction of it, and stays there.

keras.optimizers.schedules.CosineDecay (3.15) and optax.cosine_decay_schedule (0.2.8) stay at the end; PyTorch's
CosineAnnealingLR (torch/optim/lr_scheduler.py, 2.13) goes up again after `T_max`; its `eta_min` is absolute (row F2).
"""

from __future__ import annotations

from math import cos, pi

from paragone.schedules.base import ScheduleKind, ScheduleSite, ScheduleSpelled
from paragone.schedules.shared import Share, keras_schedule, number, optax_schedule, torch_factor, torch_schedule
from paragone.spelling.code import DEFAULT
from paragone.spelling.entry import Options, Size
from paragone.spelling.spelled import Helper, Note


class Cosine(Options):
    """Options of a cosine schedule."""

    steps: Size
    alpha: Share = 0.0


def rate_of(o: Cosine, rate: float, step: int) -> float:
    """The rate at a step."""
    half = (1 + cos(pi * min(step, o.steps) / o.steps)) / 2
    return rate * ((1 - o.alpha) * half + o.alpha)


FACTOR = Helper(
    "cosine",
    '''
def cosine(step: int, steps: int, alpha: float = 0.0) -> float:
    """The factor of the learning rate: half a cosine from 1 to alpha, and alpha from then on."""
    half = 0.5 * (1.0 + math.cos(math.pi * min(step, steps) / steps))
    return (1.0 - alpha) * half + alpha
''',
    Note("F2", "PyTorch's own goes up again after its end"),
    ("import math",),
)


def _keras(site: ScheduleSite) -> ScheduleSpelled:
    alpha = site.given("alpha", 0.0)
    return keras_schedule(site, "CosineDecay", number(site, site.learning_rate), site.options.steps, alpha=alpha)


def _torch(site: ScheduleSite) -> ScheduleSpelled:
    o: Cosine = site.options
    if site.matched:
        return torch_factor(FACTOR, o.steps, *((o.alpha,) if o.alpha else ()))
    return torch_schedule("CosineAnnealingLR", T_max=o.steps, eta_min=o.alpha * site.learning_rate or DEFAULT)


def _jax(site: ScheduleSite) -> ScheduleSpelled:
    alpha = site.given("alpha", 0.0)
    return optax_schedule("cosine_decay_schedule", site.learning_rate, site.options.steps, alpha=alpha)


SCHEDULE = ScheduleKind(
    "cosine",
    "rate · (alpha + (1 - alpha) · (1 + cos(π · min(step, steps) / steps)) / 2)",
    Cosine,
    rate_of,
    {"tensorflow": _keras, "torch": _torch, "jax": _jax},
    rows=("F1", "F2", "F13"),
    examples=({"steps": 40}, {"steps": 100, "alpha": 0.1}),
)
