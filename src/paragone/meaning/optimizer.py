"""An optimizer with an update of its own, recognised by what it does: the rule that moves a few weights as it does.

A person writes an optimizer in a hundred ways. So it is tried: its class moves a small vector along given gradients,
and every rule, with the numbers that the optimizer keeps and with every convention, is held against that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from paragone.meaning.numpy_numbers import NUMPY
from paragone.optimizers import optimizer_kinds
from paragone.optimizers.base import CLIPPING, OptimizerKind, OptimizerTrait
from paragone.optimizers.rule import At, updated

Array = np.ndarray[Any, Any]
Numbers = Mapping[str, float | bool]

START: Array = np.array([1.0, -0.5, 0.25, -2.0, 0.75, 0.1])
"""The weights before the first update."""
GRADIENTS: Array = np.random.default_rng(0).normal(size=(6, 6)) * np.array([3.0, 1.0, 0.1, 1e-3, 1e-6, 1e-8])
"""One row an update: large enough that a mean of squares tells, small enough that an epsilon does."""
_TOLERANCE = 1e-9
_MANY = 4000
_USUAL = {"epsilon": (1e-8, 1e-7, 1e-6, 1e-10)}
"""Numbers that people write into the update itself."""


@dataclass(frozen=True)
class Recognised:
    """What an optimizer of its own turned out to be.

    Args:
        kind: of the optimizer.
        options: by the names of its traits.
    """

    kind: OptimizerKind
    options: Mapping[str, Any]


def recognise(weights: Sequence[Array], rates: Sequence[float], numbers: Numbers) -> Recognised | None:
    """The kind and the options that give these weights, or None.

    Args:
        weights: after each of the updates along `GRADIENTS` from `START`, in float64.
        rates: the learning rate of each update.
        numbers: what the optimizer keeps, by its own names (`betas.0` is the first of a tuple).
    """
    shown = np.array(weights)
    if shown.shape != GRADIENTS.shape or not np.all(np.isfinite(shown)):
        return None
    for anyhow in (False, True):
        for kind in optimizer_kinds().values():
            for options in _candidates(kind, numbers, anyhow=anyhow):
                if _moves_alike(kind, options, rates, shown):
                    return Recognised(kind, options)
    return None


def _candidates(kind: OptimizerKind, numbers: Numbers, *, anyhow: bool) -> Iterator[dict[str, Any]]:
    """Options to try: the numbers that are kept, and every convention of any framework; none for a kind without.

    With `anyhow` a number under a name that says nothing (`beta`) is also tried for what need not be there, such as a
    momentum.
    """
    traits = [trait for trait in kind.traits if trait not in CLIPPING and trait.name != "learning_rate"]
    values = [_values(trait, numbers, anyhow=anyhow) for trait in traits]
    size = np.prod([len(some) for some in values], dtype=float)
    if kind.rule is None or not 0 < size <= _MANY:
        return
    for chosen in product(*values):
        options = {trait.name: value for trait, value in zip(traits, chosen, strict=True)}
        if all(_means_something(trait, options, some) for trait, some in zip(traits, values, strict=True)):
            yield options


def _values(trait: OptimizerTrait, numbers: Numbers, *, anyhow: bool) -> list[Any]:
    names = {trait.name, *(part for place in trait.places.values() for part in _names(place))}
    kept = {numbers[name] for name in names if name in numbers}
    if kept:  # a name in a framework may be that of two traits (`decay`), and mean the other one
        return sorted(kept if trait.absent is None or trait.name in numbers else {*kept, trait.absent})
    fixed = list(dict.fromkeys(trait.fixed.values()))
    if any(isinstance(value, bool) for value in (*fixed, trait.absent)):
        return [False, True]
    if fixed:
        return fixed
    others = sorted({value for value in numbers.values() if not isinstance(value, bool)})  # under names of its own
    if trait.absent is not None:
        return [trait.absent, *others] if anyhow else [trait.absent]
    return [*others, *_USUAL.get(trait.name, ())]


def _names(place: str) -> list[str]:
    """The names that a place ends in: `scale_by_rms.decay|scale_by_stddev.decay` is `decay`, `betas.0` is itself."""
    return [one if one.rpartition(".")[2].isdigit() else one.rpartition(".")[2] for one in place.split("|")]


def _means_something(trait: OptimizerTrait, options: Mapping[str, Any], values: Sequence[Any]) -> bool:
    """A convention of something that is not there is tried with one value only."""
    return not trait.matters_if or bool(options.get(trait.matters_if)) or options[trait.name] == values[0]


def _moves_alike(kind: OptimizerKind, options: Mapping[str, Any], rates: Sequence[float], shown: Array) -> bool:
    assert kind.rule is not None
    weight, moved = START, np.diff(shown, axis=0, prepend=START[None])
    scale = np.abs(moved).max(0)
    state: Mapping[str, Any] = {name: np.full_like(START, value) for name, value in kind.rule.slots(options).items()}
    for step, (rate, gradient, after) in enumerate(zip(rates, GRADIENTS, shown, strict=True), 1):
        try:
            with np.errstate(all="ignore"):
                weight, state = updated(NUMPY, kind.rule, options, At(step, rate, weight, gradient, state))
        except (ArithmeticError, KeyError, TypeError, ValueError):
            return False  # the rule needs a number that this optimizer does not have
        if not np.all(np.abs(weight - after) <= _TOLERANCE * scale + 1e-15):
            return False
    return True
