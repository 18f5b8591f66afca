"""Layers that keep several arrays of weights inside: recognised as a whole, by what decides their meaning.

Their weights are found in other ways, so that they keep the names which those give them.
"""

from __future__ import annotations

from typing import Any

from paragone.layers.base import Attribute, Called, Spelling
from paragone.spelling.site import Write


def batch_first(attribute: str = "") -> Attribute:
    """Whether the batch is the first axis of a sequence; PyTorch has the time there unless told (row H12)."""
    return Attribute("batch_first", attribute, "batch-first", "H12", bool, fixed=True, settable=bool(attribute))


def one_bias() -> Attribute:
    """How many vectors of biases are trained, where there is one: with Adam, the sum of two moves twice as far (H4)."""
    return Attribute("biases", "", "double-bias", "H4", fixed="one", settable=False)


def trained_biases() -> Attribute:
    """The same in PyTorch, whose recurrent layers have two, unless the second is frozen."""
    return Attribute("biases", "", "double-bias", "H4", toward="one", reads=_trained_biases)


def _trained_biases(layer: Any) -> str:
    second = (weight for name, weight in layer.named_parameters(recurse=False) if name.startswith("bias_hh"))
    return "two" if any(weight.requires_grad for weight in second) else "one"


def whole(classes: str, attributes: tuple[Attribute, ...], write: Write, called: Called | None = None) -> Spelling:
    """A layer in one framework."""
    return Spelling(tuple(classes.split()), (), attributes, write, whole=True, called=called)
