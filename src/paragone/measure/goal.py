"""What `--until` asks for: a metric of the test set, and how good it must be."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from paragone.errors import InputError

EPOCHS = 50
"""The most epochs, where nobody says another number."""


@dataclass(frozen=True)
class Metric:
    """A number that says how good a side is on the test set; both are those of the rung `outcome`.

    Args:
        more_is_better: whether it rises with training.
        highest: the best level that can be asked for; None for no end.
        levels: those that can be asked for, in words.
    """

    more_is_better: bool
    highest: float | None
    levels: str


METRICS: Mapping[str, Metric] = {
    "accuracy": Metric(True, 1.0, "a share above 0, 1 at most"),
    "loss": Metric(False, None, "a number above 0"),
}


@dataclass(frozen=True)
class Goal:
    """A training that ends once the model is good enough.

    Args:
        metric: its name.
        level: that is good enough.
        epochs: the most that are trained.
    """

    metric: str
    level: float
    epochs: int = EPOCHS

    @property
    def text(self) -> str:
        """As it is told: `accuracy 0.9`."""
        return f"{self.metric} {self.level:g}"

    def reached(self, value: float) -> bool:
        """Whether a value is good enough."""
        return value >= self.level if METRICS[self.metric].more_is_better else value <= self.level

    def best(self, values: Sequence[float]) -> float:
        """The best of some values; of none, the worst that there could be."""
        worst, best = (-math.inf, max) if METRICS[self.metric].more_is_better else (math.inf, min)
        return best(values, default=worst)


def goal(given: str, epochs: int = EPOCHS) -> Goal:
    """Read `METRIC=LEVEL`.

    Raises:
        InputError: there is no such metric, or it cannot have this level.
    """
    name, equals, level = (part.strip() for part in given.partition("="))
    metric, value = METRICS.get(name), _number(level)
    if metric is None or not equals:
        raise InputError(
            f"--until cannot be {given.strip() or 'empty'}.",
            where="--until",
            expected=f"METRIC=LEVEL, where METRIC is {' or '.join(METRICS)}",
            received=given.strip() or "empty",
            next_step="for example --until accuracy=0.9, or --until loss=0.2",
        )
    if value is None or value <= 0 or (metric.highest is not None and value > metric.highest):
        raise InputError(
            f"--until {name} cannot be {level or 'empty'}.",
            where="--until",
            expected=metric.levels,
            received=level or "empty",
            next_step=f"for example --until {name}={0.9 if metric.more_is_better else 0.2}",
        )
    return Goal(name, value, epochs)


def check_goal(asked: Goal, n_classes: int | None, arrays: Mapping[str, Any]) -> None:
    """Refuse a metric that data does not have.

    Args:
        asked: the goal.
        n_classes: of the first target; None where it is values.
        arrays: of the data.

    Raises:
        InputError: an accuracy was asked for, and no target is classes.
    """
    others = [name for name in arrays if name[:1] == "y" and name[1:].isdigit() and name != "y0"]
    classes = n_classes is not None or any(arrays[name].dtype.kind in "iu" for name in others)
    if asked.metric == "accuracy" and not classes:
        raise InputError(
            "These data have no classes, so that there is no accuracy to reach.",
            where="--until",
            expected="a metric that the task has: loss",
            received=asked.text.replace(" ", "="),
            next_step="for example --until loss=0.2, the mean squared error on the test set",
        )


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
