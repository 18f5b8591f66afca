"""What several schedules have in common."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from paragone.schedules.base import ScheduleSite, ScheduleSpelled
from paragone.spelling.code import Code, construct, literal
from paragone.spelling.spelled import Helper, Note

Share = Annotated[float, Field(ge=0, le=1)]
"""A fraction of the learning rate."""
Factor = Annotated[float, Field(gt=0, le=1000)]
"""What the learning rate is multiplied by."""
EXACT = Note("F13", "TensorFlow would compute the schedule in float32 from Python's numbers")


def number(site: ScheduleSite, value: float) -> Any:
    """A number for a schedule of Keras: it computes in the type of its first one, float32 for a Python float."""
    return Code(f"np.float64({literal(value)})") if site.matched else value


def keras_schedule(site: ScheduleSite, name: str, *args: Any, **kwargs: Any) -> ScheduleSpelled:
    """A schedule of Keras' own."""
    made = construct(f"keras.optimizers.schedules.{name}", *args, **kwargs)
    return ScheduleSpelled(made.code(), notes=(EXACT,) if site.matched else ())


def torch_schedule(name: str, *args: Any, **kwargs: Any) -> ScheduleSpelled:
    """A scheduler of PyTorch's own."""
    return ScheduleSpelled(construct(f"torch.optim.lr_scheduler.{name}", Code("optimizer"), *args, **kwargs).code())


def torch_factor(helper: Helper, *args: Any) -> ScheduleSpelled:
    """A scheduler from a function of the step, and of options, that gives the factor of the rate."""
    call = f"{helper.name}({', '.join(['step', *map(literal, args)])})"
    code = f"torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: {call})"
    return ScheduleSpelled(Code(code), helpers=(helper,))


_FLOATING = Helper(
    "floating",
    '''
def floating(schedule: optax.Schedule) -> optax.Schedule:
    """The schedule of a floating step."""
    return lambda step: schedule(jnp.asarray(step, float))
''',
    Note("F13", "Optax' schedules divide whole numbers in float32"),
)


def optax_schedule(name: str, *args: Any, **kwargs: Any) -> ScheduleSpelled:
    """A schedule of Optax' own that computes in the default type as it is."""
    return ScheduleSpelled(construct(f"optax.{name}", *args, **kwargs).code())


def floating(site: ScheduleSite, name: str, *args: Any, **kwargs: Any) -> ScheduleSpelled:
    """A schedule of Optax' own that divides the step."""
    made = construct(f"optax.{name}", *args, **kwargs).code()
    if not site.matched:
        return ScheduleSpelled(made)
    return ScheduleSpelled(construct("floating", made).code(), helpers=(_FLOATING,))
