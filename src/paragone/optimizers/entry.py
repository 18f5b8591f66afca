"""What makes an optimizer a word of task files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import Field

from paragone.spelling.code import DEFAULT, Code, Construct, number
from paragone.spelling.entry import Options, Positive
from paragone.spelling.site import Chosen, Impossible
from paragone.spelling.spelled import Helper, Note, Stacked

Strength = Annotated[float, Field(ge=0, allow_inf_nan=False)]
"""Of a decay: 0 or more."""


class OptimizerOptions(Options):
    """What every optimizer has."""

    learning_rate: Positive = 1e-3


@dataclass(frozen=True)
class OptimizerSite(Chosen):
    """An optimizer, to be spelled.

    Args:
        options: of the optimizer.
        fidelity: of the side.
        learning_rate: a number or, in Keras and Optax, the name of a schedule.
        stacked: arrays that are not simply one canonical weight, by what the side calls them.
    """

    learning_rate: Code
    stacked: Mapping[Code, Stacked] = field(default_factory=dict)
    departures: dict[str, Any] = field(default_factory=dict)
    """Options that the task does not name and that are written all the same, with the framework's own defaults."""

    def given(self, option: str, default: Any, to: Callable[[Any], Any] = lambda value: value) -> Any:
        """The argument for an option, as `Chosen.given` has it; a departure from the framework's default is kept."""
        value = super().given(option, default, to)
        if value is not DEFAULT and option not in self.options.model_fields_set:
            self.departures[option] = default
        return value

    def rate(self, default: float | None) -> Any:
        """The argument for the learning rate, where the framework's default is `default` (None: it has none)."""
        if self.learning_rate != number(self.options.learning_rate):
            return self.learning_rate
        return self.learning_rate if default is None else self.given("learning_rate", default)


@dataclass(frozen=True)
class OptimizerSpelled:
    """An optimizer in one framework.

    Args:
        made: the object: a Keras or PyTorch optimizer, an Optax transformation.
        helpers: what the file must bring.
        notes: departures from the framework's defaults.
        imports: import lines beyond those that every side of the framework has.
    """

    made: Construct
    helpers: tuple[Helper, ...] = ()
    notes: tuple[Note, ...] = ()
    imports: tuple[str, ...] = ()


WriteOptimizer = Callable[[OptimizerSite], OptimizerSpelled | Impossible]


@dataclass(frozen=True)
class OptimizerEntry:
    """An optimizer as a word of task files.

    Args:
        computes: the canonical update, in one line.
        options: their model.
        spellings: by framework.
        rows: rows of the catalogue of traps that it meets.
        examples: options, for the manual and the tests.
        proportional: whether the update is proportional to the learning rate, with these options.
    """

    computes: str
    options: type[OptimizerOptions]
    spellings: Mapping[str, WriteOptimizer]
    rows: tuple[str, ...] = ()
    examples: tuple[Mapping[str, Any], ...] = ({},)
    proportional: Callable[[Any], bool] = lambda _options: True
