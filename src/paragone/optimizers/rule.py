"""The update rule of an optimizer, written once for every framework, with every convention as an option.

With the options that a framework's own optimizer has, a rule computes what that optimizer computes; so any trait of an
optimizer can be changed on a side by putting the rule, with one option changed, in the optimizer's place.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from paragone.meaning.forms.base import Numbers

Options = Mapping[str, Any]


@dataclass(frozen=True)
class At:
    """Where an update starts.

    Args:
        step: number of the update, from 1.
        rate: learning rate.
        weight: as it is.
        gradient: of the loss.
        state: the numbers that were kept for the weight.
    """

    step: Any
    rate: Any
    weight: Any
    gradient: Any
    state: Mapping[str, Any]


Updated = tuple[Any, Mapping[str, Any]]
"""The new weight, and the new numbers that are kept for it."""


@dataclass(frozen=True)
class Rule:
    """The update of one weight.

    Args:
        slots: from options to the names of the numbers that are kept for each weight, and what they start as.
        update: one update.
    """

    slots: Callable[[Options], Mapping[str, float]]
    update: Callable[[Numbers, Options, At], Updated]


def updated(xp: Numbers, rule: Rule, options: Options, at: At) -> Updated:
    """The new weight and the new kept numbers, with weight decay as the options have it (row E4).

    Decoupled decay takes `rate · weight_decay · weight` off the weight; coupled decay adds `weight_decay · weight` to
    the gradient.
    """
    decay = in_precision(options.get("weight_decay", 0.0), options.get("decay_precision"))
    if decay and options.get("decay_form", True):
        at = replace(at, weight=at.weight - at.rate * decay * at.weight)
    elif decay:
        at = replace(at, gradient=at.gradient + decay * at.weight)
    return rule.update(xp, options, at)


def clipped(xp: Numbers, options: Options, gradients: Sequence[Any]) -> list[Any]:
    """The gradients after clipping: by value, by the norm of each, by the norm of all (row E19).

    PyTorch divides by the norm + 1e-6 (torch/nn/utils/clip_grad.py, 2.13): option `clip_epsilon`.
    """
    found = list(gradients)
    limit = options.get("clip_value", 0.0)
    if limit:
        found = [xp.clip(gradient, -limit, limit) for gradient in found]
    limit, least = options.get("clip_norm", 0.0), options.get("clip_epsilon", 0.0)
    if limit:
        found = [_scaled(xp, gradient, xp.total(gradient * gradient), limit, least) for gradient in found]
    limit = options.get("clip_global_norm", 0.0)
    if limit:
        square = sum(xp.total(gradient * gradient) for gradient in found)
        found = [_scaled(xp, gradient, square, limit, least) for gradient in found]
    return found


def _scaled(xp: Numbers, gradient: Any, square: Any, limit: float, least: float) -> Any:
    norm = square**0.5 + least
    return xp.where(norm > limit, gradient * (limit / norm), gradient)


def larger(xp: Numbers, a: Any, b: Any) -> Any:
    """The larger of two, element by element."""
    return xp.where(a > b, a, b)


def in_precision(value: float, name: str | None) -> float:
    """A number as it is after a cast through float32, where that is what the framework does (row E3)."""
    return float(struct.unpack("f", struct.pack("f", value))[0]) if name == "float32" else value
