"""The value of a trait in words, as a person would say it of a side."""

from __future__ import annotations

import json
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
_NONE_AT_ZERO = {"clip-value", "clip-norm", "clip-global-norm", "penalty", "weight-decay"}
_FEW = 3


def shown_value(trap: str, value: Any) -> str:
    """A value in words; numbers to six digits, learning rates step by step."""
    if isinstance(value, tuple):
        return f"{value[0]:.10g} at first" if trap == PRECISION else shown_rates(value)
    if isinstance(value, bool):
        return _WORDS.get(trap, ("yes", "no"))[not value]
    if trap in _NONE_AT_ZERO and value == 0:
        return "none"
    if trap == "penalty" and isinstance(value, str):
        return _penalties(json.loads(value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _penalties(strengths: Mapping[str, float]) -> str:
    """`0.01 on dense_1/kernel_io`, `0.0001 on 10 weights`; of several strengths each with its weights."""
    on: dict[float, list[str]] = {}
    for name, strength in strengths.items():
        on.setdefault(strength, []).append(name)
    told = (
        f"{strength:g} on {', '.join(names) if len(names) <= _FEW else f'{len(names)} weights'}"
        for strength, names in on.items()
    )
    return " and ".join(told)
