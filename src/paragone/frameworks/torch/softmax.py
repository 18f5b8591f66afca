"""Softmax applied twice: a model that gives probabilities, and a criterion that takes them for logits (row D1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from paragone.frameworks.stand_in import StandIn

Criterion = Callable[[Any, Any], Any]
ONCE, TWICE = "once", "twice"


class Softmax(StandIn):
    """Remembers what it was last given, and what it gave."""

    def reset(self) -> None:
        """Nothing to remember."""
        super().reset()
        self.last: tuple[Any, Any] = (None, None)

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Remember the logits and the probabilities."""
        given = args[0] if args else kwargs["input"]
        self.last = given, super().call(*args, **kwargs)
        return self.last[1]

    def logits(self, probabilities: Any) -> Any:
        """The logits behind these probabilities: those that were remembered, else their logarithm."""
        given, gave = self.last
        return given if gave is probabilities else torch.log(probabilities)


SOFTMAX = Softmax(nn.functional.softmax)


def takes_logits(criterion: Criterion, outputs: Any, y: Any) -> bool:
    """Whether a number added to all outputs changes nothing, as where the criterion begins with a softmax."""
    with torch.no_grad():
        return bool(torch.allclose(criterion(outputs, y), criterion(outputs + 1.0, y), rtol=1e-4))


def with_softmax(criterion: Criterion, times: str) -> Criterion:
    """The criterion behind one more softmax, or with the second one undone."""
    if times == TWICE:
        return lambda outputs, y: criterion(outputs.softmax(-1), y)
    return lambda outputs, y: criterion(SOFTMAX.logits(outputs), y)
