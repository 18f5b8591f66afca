"""What the update of an optimizer makes of gradients that are apart by rounding.

Where a gradient is about as large as the epsilon of Adam, the first step along it, `rate · g / (|g| + epsilon)`, turns
rounding of `g` into a million times as much (D. P. Kingma and J. Ba, "Adam", ICLR 2015,
https://arxiv.org/abs/1412.6980v9, algorithm 1, both moments after one step). Such steps are apart, and the sides are
the same all the same: so the rule is applied to the gradients of each side, and what is left of the distance counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from paragone.distance import gap
from paragone.meaning.numpy_numbers import NUMPY
from paragone.optimizers import optimizer_kinds
from paragone.optimizers.base import CLIPPING
from paragone.optimizers.rule import At, Options, Rule, updated
from paragone.prove.no_gradient import GRADIENTS
from paragone.prove.subject import Subject
from paragone.records import Trait

Array = np.ndarray[Any, Any]
Arrays = Mapping[str, Array]
STEP = "step/"
"""Before the names of weights whose way in the first step is compared."""


@dataclass(frozen=True)
class Update:
    """The update of a side.

    Args:
        rule: of one weight.
        options: of the rule.
        rate: learning rate of the first step.
        start: the weights before it.
    """

    rule: Rule
    options: Options
    rate: float
    start: Arrays

    def left(self, a: Arrays, b: Arrays, name: str) -> float | None:
        """How far the steps of a weight are apart beyond what the rule makes of their gradients.

        Args:
            a: the arrays of one side.
            b: the other's, whose largest element is the scale.
            name: of the weight.

        Returns:
            A share of the largest step; None where the rule lacks a number.
        """
        ways = [self._way(self.start[name], side[GRADIENTS + name]) for side in (a, b)]
        one, other = a[STEP + name], b[STEP + name]
        scale = float(np.abs(other).max(initial=0.0))
        if not scale or one.shape != other.shape or any(way is None or way.shape != other.shape for way in ways):
            return None
        beyond = (one - other) - (ways[0] - ways[1])
        return float(np.abs(beyond).max(initial=0.0)) / scale

    def _way(self, start: Array, gradient: Array) -> Any:
        weight = start.astype(gradient.dtype)
        try:
            state = {name: np.full_like(weight, value) for name, value in self.rule.slots(self.options).items()}
            with np.errstate(all="ignore"):
                after, _ = updated(NUMPY, self.rule, self.options, At(1, self.rate, weight, gradient, state))
        except (ArithmeticError, KeyError, TypeError, ValueError):
            return None
        return after - weight


def updates_of(subjects: Sequence[Subject], start: Arrays) -> tuple[Update, ...]:
    """The update of each side, as far as it is known and every weight has its own.

    Sides that were made the same have the numbers of one of them. With those of another the rule explains nothing.
    """
    found = []
    for subject in subjects:
        traits = {trait.name: trait.value for trait in (*subject.idle, *subject.traits) if _of_optimizer(trait)}
        kind, rate = optimizer_kinds().get(str(traits.get("optimizer"))), traits.get("learning_rate")
        clips = any(traits.get(one.name) for one in CLIPPING)
        if kind is not None and kind.rule is not None and isinstance(rate, float) and not clips:
            found.append(Update(kind.rule, traits, rate, start))
    return tuple(found)


def followed(updates: Sequence[Update], a: Arrays, b: Arrays, tensor: str) -> tuple[float, float] | None:
    """How far the gradients of a weight are apart, and its steps beyond what an update makes of that.

    Args:
        updates: that the sides may have.
        a: the arrays of one side.
        b: the other's.
        tensor: the weight's way in the first step, `step/…/role`.

    Returns:
        Both as shares of the largest element; None where gradients or rule are not known.
    """
    name = tensor.removeprefix(STEP)
    if not tensor.startswith(STEP) or any(GRADIENTS + name not in side or tensor not in side for side in (a, b)):
        return None
    known = [left for one in updates if name in one.start and (left := one.left(a, b, name)) is not None]
    return (gap(a[GRADIENTS + name], b[GRADIENTS + name]).max_rel, min(known)) if known else None


def _of_optimizer(trait: Trait) -> bool:
    return trait.where == "optimizer" and not trait.mixed
