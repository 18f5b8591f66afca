"""The value of a trait in words, as a person would say it of a side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from paragone.prove.hypotheses import PRECISION
from paragone.prove.schedules import shown_rates

_WORDS: Mapping[str, tuple[str, str]] = {
    "adagrad-epsilon-place": ("inside of the root", "outside of the root"),
    "adamax-epsilon-place": ("inside of the maximum", "outside of the maximum"),
    "average-pool-padding": ("padded places count", "padded places do not count"),
    "batch-first": ("the batch first", "the time first"),
    "fast-variance": ("E[x²] - E[x]²", "E[(x - E[x])²]"),
    "gelu-approximation": ("the tanh approximation", "exact"),
    "momentum-average": ("an average", "a sum"),
    "rmsprop-epsilon-place": ("inside of the root", "outside of the root"),
    "weight-decay-form": ("decoupled", "part of the gradient"),
}
"""By trap: for a value that is true, and for one that is false."""
_NONE_AT_ZERO = {"clip-value", "clip-norm", "clip-global-norm", "weight-decay"}


def shown_value(trap: str, value: Any) -> str:
    """A value in words; numbers to six digits, learning rates step by step."""
    if isinstance(value, tuple):
        return f"{value[0]:.10g} at first" if trap == PRECISION else shown_rates(value)
    if isinstance(value, bool):
        return _WORDS.get(trap, ("yes", "no"))[not value]
    if trap in _NONE_AT_ZERO and value == 0:
        return "none"
    return f"{value:g}" if isinstance(value, float) else str(value)
