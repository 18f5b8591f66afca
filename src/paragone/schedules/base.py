"""The form of a schedule file: the learning rate as a function of the training step, in each framework.

A schedule file holds one `SCHEDULE`. `step` counts updates from 0: the first update uses the rate at 0 (row F1). A
schedule that watches the loss is no function of the step: it is told the loss of each update before that is made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from paragone.spelling.code import Code
from paragone.spelling.entry import Options
from paragone.spelling.site import Chosen, Impossible
from paragone.spelling.spelled import Helper, Note


@dataclass(frozen=True)
class ScheduleSite(Chosen):
    """A schedule, to be spelled.

    Args:
        options: of the schedule.
        fidelity: of the side.
        learning_rate: the rate that it scales.
        proportional: the optimizer's update is proportional to the rate.
    """

    learning_rate: float
    proportional: bool = True


@dataclass(frozen=True)
class ScheduleSpelled:
    """A schedule in one framework.

    Args:
        code: Keras: a `LearningRateSchedule`; Optax: a schedule; PyTorch: a scheduler over the variable `optimizer`,
            which is stepped after every update. Of a schedule that watches the loss: Keras: an object over the variable
            `optimizer` with a method `watch` (`matched`), a callback (`plain`); Optax: a transformation behind the
            optimizer, or a stateful schedule where the update is not proportional to the rate; PyTorch: a scheduler
            that is stepped with the loss.
        helpers: what the file must bring.
        notes: departures from the framework's defaults.
        imports: import lines beyond those that every side of the framework has.
    """

    code: Code
    helpers: tuple[Helper, ...] = ()
    notes: tuple[Note, ...] = ()
    imports: tuple[str, ...] = ()


WriteSchedule = Callable[[ScheduleSite], ScheduleSpelled | Impossible]


@dataclass(frozen=True)
class ScheduleKind:
    """One schedule.

    Args:
        name: as task files call it.
        computes: the rate at a step, in one line.
        options: their model.
        rate: the rate from options, base rate and step: the canonical definition; None where it watches the loss.
        spellings: by framework.
        rows: rows of the catalogue of traps that it meets.
        examples: options, for the manual and the tests.
    """

    name: str
    computes: str
    options: type[Options]
    rate: Callable[[Any, float, int], float] | None
    spellings: Mapping[str, WriteSchedule]
    rows: tuple[str, ...] = ()
    examples: tuple[Mapping[str, Any], ...] = ({},)

    @property
    def watches(self) -> bool:
        """Whether the rate depends on the losses."""
        return self.rate is None
