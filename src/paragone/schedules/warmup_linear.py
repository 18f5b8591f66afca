"""Warm-up, then a line down: the learning rate rises along a line from 0, then falls along one to a fraction of it.

Optax (0.2.8) joins two of its schedules; Keras 3.15 and PyTorch 2.13 have none.
"""

from __future__ import annotations

from paragone.schedules.base import ScheduleKind, ScheduleSite, ScheduleSpelled
from paragone.schedules.shared import floating, torch_factor
from paragone.schedules.warming import Warming
from paragone.spelling.code import Code, construct
from paragone.spelling.spelled import Helper, Note


def _rate(o: Warming, rate: float, step: int) -> float:
    left = (o.steps - min(step, o.steps)) / (o.steps - o.warmup)
    return rate * step / o.warmup if step < o.warmup else rate * ((1 - o.alpha) * left + o.alpha)


_KERAS = Helper(
    "WarmupLinear",
    '''
class WarmupLinear(keras.optimizers.schedules.LearningRateSchedule):
    """A line from 0 up to the rate, then one down to a fraction of it, where it stays."""

    def __init__(self, rate, warmup, steps, alpha=0.0):
        self.rate, self.warmup, self.steps, self.alpha = rate, warmup, steps, alpha

    def __call__(self, step):
        step = ops.cast(ops.minimum(step, self.steps), keras.config.floatx())
        left = (self.steps - step) / (self.steps - self.warmup)
        down = (1.0 - self.alpha) * left + self.alpha
        return self.rate * ops.where(step < self.warmup, step / self.warmup, down)
''',
    Note("F6", "Keras has no such schedule"),
)
_TORCH = Helper(
    "warmup_linear",
    '''
def warmup_linear(step: int, warmup: int, steps: int, alpha: float = 0.0) -> float:
    """The factor of the learning rate: a line from 0 to 1, then one to alpha, and alpha from then on."""
    left = (steps - min(step, steps)) / (steps - warmup)
    return step / warmup if step < warmup else (1.0 - alpha) * left + alpha
''',
    Note("F6", "PyTorch has no such schedule"),
)


def _keras(site: ScheduleSite) -> ScheduleSpelled:
    o: Warming = site.options
    made = construct("WarmupLinear", site.learning_rate, o.warmup, o.steps, alpha=site.given("alpha", 0.0))
    return ScheduleSpelled(made.code(), helpers=(_KERAS,))


def _torch(site: ScheduleSite) -> ScheduleSpelled:
    o: Warming = site.options
    return torch_factor(_TORCH, o.warmup, o.steps, *((o.alpha,) if o.alpha else ()))


def _jax(site: ScheduleSite) -> ScheduleSpelled:
    o: Warming = site.options
    up = construct("optax.linear_schedule", 0.0, site.learning_rate, o.warmup).code()
    end = o.alpha * site.learning_rate
    down = construct("optax.linear_schedule", site.learning_rate, end, o.steps - o.warmup).code()
    return floating(site, "join_schedules", Code(f"[{up}, {down}]"), Code(f"[{o.warmup}]"))


SCHEDULE = ScheduleKind(
    "warmup_linear",
    "rate · step / warmup before warmup; then a line from rate to alpha · rate at steps",
    Warming,
    _rate,
    {"tensorflow": _keras, "torch": _torch, "jax": _jax},
    rows=("F1", "F6"),
    examples=({"warmup": 10, "steps": 50}, {"warmup": 3, "steps": 100, "alpha": 0.1}),
)
