"""Layers that keep several arrays of weights inside: recognised as a whole, by what decides their meaning.

Their weights are found in other ways, so that they keep the names which those give them.
"""

from __future__ import annotations

from paragone.layers.base import Attribute, Spelling
from paragone.spelling.site import Write


def batch_first(attribute: str = "") -> Attribute:
    """Whether the batch is the first axis of a sequence; PyTorch has the time there unless told (row H12)."""
    return Attribute("batch_first", attribute, "batch-first", "H12", bool, fixed=True, settable=bool(attribute))


def biases(words: str, *, settable: bool = False) -> Attribute:
    """How many vectors of biases are trained: with Adam, the sum of two moves twice as far (row H4)."""
    return Attribute("biases", "", "double-bias", "H4", fixed=words, settable=settable)


def whole(classes: str, attributes: tuple[Attribute, ...], write: Write) -> Spelling:
    """A layer in one framework."""
    return Spelling(tuple(classes.split()), (), attributes, write, whole=True)
