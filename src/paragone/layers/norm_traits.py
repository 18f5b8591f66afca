"""What normalisations share where they are recognised in files that people wrote: weights and traits."""

from __future__ import annotations

from paragone.layers.base import Attribute, Weight


def scale_and_offset(scale: str, offset: str) -> tuple[Weight, ...]:
    """The two weights of a normalisation."""
    return Weight("scale", scale), Weight("offset", offset)


def fast_variance(attribute: str = "") -> Attribute:
    """Whether the variance is E[x²] - E[x]², which Flax takes by default (row B7); the others have no choice."""
    return Attribute("fast_variance", attribute, "fast-variance", "B7", bool, fixed=False, settable=bool(attribute))
