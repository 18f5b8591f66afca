"""Polynomial: the learning rate falls along a power to a fraction of it, and stays there.

The end is 1e-4 by default in Keras' PolynomialDecay (3.15), must be given to optax.polynomial_schedule (0.2.8), and is
always 0 in PyTorch's PolynomialLR (torch/optim/lr_scheduler.py, 2.13; row F5). Compiled by XLA, the share of steps that
are left is not 0 at the end (row F14): a broken power of what is below 0 is NaN, and a small power of what is above 0
is much. There, a helper divides what is left.
"""

from __future__ import annotations

from paragone.schedules.base import ScheduleKind, ScheduleSite, ScheduleSpelled
from paragone.schedules.shared import Share, floating, keras_schedule, number, torch_factor, torch_schedule
from paragone.spelling.code import DEFAULT, construct, unless
from paragone.spelling.entry import Options, Positive, Size
from paragone.spelling.spelled import Helper, Note


class Polynomial(Options):
    """Options of a polynomial schedule."""

    steps: Size
    alpha: Share = 0.0
    power: Positive = 1.0


def _rate(o: Polynomial, rate: float, step: int) -> float:
    left = (1 - min(step, o.steps) / o.steps) ** o.power
    return float(rate * ((1 - o.alpha) * left + o.alpha))


_FACTOR = Helper(
    "polynomial",
    '''
def polynomial(step: int, steps: int, power: float, alpha: float) -> float:
    """The factor of the learning rate: a power that falls from 1 to alpha, and alpha from then on."""
    left = (1.0 - min(step, steps) / steps) ** power
    return (1.0 - alpha) * left + alpha
''',
    Note("F5", "PyTorch's own ends at 0"),
)


def _keras(site: ScheduleSite) -> ScheduleSpelled:
    o: Polynomial = site.options
    end = number(site, o.alpha * site.learning_rate)
    power = DEFAULT if o.power == 1.0 else number(site, o.power)
    rate = number(site, site.learning_rate)
    return keras_schedule(site, "PolynomialDecay", rate, o.steps, end_learning_rate=end, power=power)


def _torch(site: ScheduleSite) -> ScheduleSpelled:
    o: Polynomial = site.options
    if o.alpha:
        return torch_factor(_FACTOR, o.steps, o.power, o.alpha)
    return torch_schedule("PolynomialLR", total_iters=o.steps, power=unless(1.0, o.power))


_LEFT = Helper(
    "polynomial_decay",
    '''
def polynomial_decay(rate: float, end: float, power: float, steps: int) -> optax.Schedule:
    """The learning rate, falling to its end along a power of the share of steps that are left."""

    def schedule(step: jax.Array) -> jax.Array:
        left: jax.Array = jnp.asarray(steps - jnp.minimum(step, steps), float) / steps
        return (rate - end) * left**power + end

    return schedule
''',
    Note("F14", "compiled, Optax' share of steps that are left does not end at 0"),
)


def _jax(site: ScheduleSite) -> ScheduleSpelled:
    o: Polynomial = site.options
    end = o.alpha * site.learning_rate
    if not o.power.is_integer():
        made = construct(_LEFT.name, site.learning_rate, end, o.power, o.steps)
        return ScheduleSpelled(made.code(), helpers=(_LEFT,))
    return floating(site, "polynomial_schedule", site.learning_rate, end, power=o.power, transition_steps=o.steps)


SCHEDULE = ScheduleKind(
    "polynomial",
    "rate · (alpha + (1 - alpha) · (1 - min(step, steps) / steps)^power)",
    Polynomial,
    _rate,
    {"tensorflow": _keras, "torch": _torch, "jax": _jax},
    rows=("F1", "F5", "F13", "F14"),
    examples=({"steps": 40}, {"steps": 100, "alpha": 0.1, "power": 2.5}, {"steps": 14, "power": 0.5}),
)
