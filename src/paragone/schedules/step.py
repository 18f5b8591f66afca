"""Step: the learning rate is multiplied by a factor every so many steps.

`staircase` of the exponential schedules of Keras (keras/src/optimizers/schedules/learning_rate_schedule.py, 3.15) and
Optax (optax/schedules/_schedule.py, 0.2.8); torch.optim.lr_scheduler.StepLR (2.13) counts calls of its `step` (row F1).
Compiled by XLA, Optax' staircase may come a step late (row F14), so that `matched` divides whole numbers.
"""

from __future__ import annotations

from paragone.schedules.base import ScheduleKind, ScheduleSite, ScheduleSpelled
from paragone.schedules.shared import Factor, keras_schedule, number, optax_schedule, torch_schedule
from paragone.spelling.code import construct
from paragone.spelling.entry import Options, Size
from paragone.spelling.spelled import Helper, Note


class Step(Options):
    """Options of a schedule in steps."""

    every: Size
    factor: Factor = 0.1


def _rate(o: Step, rate: float, step: int) -> float:
    return float(rate * o.factor ** (step // o.every))


def _keras(site: ScheduleSite) -> ScheduleSpelled:
    o: Step = site.options
    rate, factor = number(site, site.learning_rate), number(site, o.factor)
    return keras_schedule(site, "ExponentialDecay", rate, o.every, factor, staircase=True)


def _torch(site: ScheduleSite) -> ScheduleSpelled:
    return torch_schedule("StepLR", step_size=site.options.every, gamma=site.given("factor", 0.1))


_STAIRS = Helper(
    "stairs",
    '''
def stairs(rate: float, every: int, factor: float) -> optax.Schedule:
    """The learning rate, multiplied by a factor every so many steps."""
    return lambda step: rate * factor ** jnp.asarray(step // every, float)
''',
    Note("F14", "compiled, Optax' staircase may come a step late"),
)


def _jax(site: ScheduleSite) -> ScheduleSpelled:
    o: Step = site.options
    if site.matched:
        made = construct(_STAIRS.name, site.learning_rate, o.every, o.factor)
        return ScheduleSpelled(made.code(), helpers=(_STAIRS,))
    return optax_schedule("exponential_decay", site.learning_rate, o.every, o.factor, staircase=True)


SCHEDULE = ScheduleKind(
    "step",
    "rate · factor^⌊step / every⌋",
    Step,
    _rate,
    {"tensorflow": _keras, "torch": _torch, "jax": _jax},
    rows=("F1", "F4", "F14"),
    examples=({"every": 10}, {"every": 7, "factor": 0.6}, {"every": 49, "factor": 1.2}),
)
