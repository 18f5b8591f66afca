"""Warm-up, then cosine: the learning rate rises along a line from 0, then falls along half a cosine to a fraction.

`steps` counts both, as in optax.warmup_cosine_decay_schedule (0.2.8); `decay_steps` of Keras' CosineDecay (3.15) does
not count the warm-up (row F6). PyTorch 2.13 has no such scheduler; a function of the step is what is usually written.
"""

from __future__ import annotations

from paragone.schedules.base import ScheduleKind, ScheduleSite, ScheduleSpelled
from paragone.schedules.cosine import FACTOR, Cosine, rate_of
from paragone.schedules.shared import floating, keras_schedule, number, torch_factor
from paragone.schedules.warming import Warming
from paragone.spelling.code import DEFAULT
from paragone.spelling.spelled import Helper, Note


def _rate(o: Warming, rate: float, step: int) -> float:
    if step < o.warmup:
        return rate * step / o.warmup
    return rate_of(Cosine(steps=o.steps - o.warmup, alpha=o.alpha), rate, step - o.warmup)


_FACTOR = Helper(
    "warmup_cosine",
    '''
def warmup_cosine(step: int, warmup: int, steps: int, alpha: float = 0.0) -> float:
    """The factor of the learning rate: a line from 0 to 1, then half a cosine to alpha, and alpha from then on."""
    return step / warmup if step < warmup else cosine(step - warmup, steps - warmup, alpha)
''',
    Note("F6", "PyTorch has no such schedule"),
    needs=(FACTOR,),
)


def _keras(site: ScheduleSite) -> ScheduleSpelled:
    o: Warming = site.options
    return keras_schedule(
        site,
        "CosineDecay",
        number(site, 0.0),
        o.steps - o.warmup,
        alpha=site.given("alpha", 0.0),
        warmup_target=number(site, site.learning_rate),
        warmup_steps=o.warmup,
    )


def _torch(site: ScheduleSite) -> ScheduleSpelled:
    o: Warming = site.options
    return torch_factor(_FACTOR, o.warmup, o.steps, *((o.alpha,) if o.alpha else ()))


def _jax(site: ScheduleSite) -> ScheduleSpelled:
    o: Warming = site.options
    return floating(
        site,
        "warmup_cosine_decay_schedule",
        0.0,
        site.learning_rate,
        warmup_steps=o.warmup,
        decay_steps=o.steps,
        end_value=o.alpha * site.learning_rate or DEFAULT,
    )


SCHEDULE = ScheduleKind(
    "warmup_cosine",
    "rate · step / warmup before warmup; then the cosine schedule of steps - warmup steps",
    Warming,
    _rate,
    {"tensorflow": _keras, "torch": _torch, "jax": _jax},
    rows=("F1", "F2", "F6", "F13"),
    examples=({"warmup": 10, "steps": 50}, {"warmup": 3, "steps": 100, "alpha": 0.1}),
)
