"""What passes between a framework's adapter and the operations on it.

A framework is one folder: `descriptor.py` (light, imports nothing of the framework), `worker.py` (its `ADAPTER`, a
`paragone.frameworks.common.SideAdapter`) and `loops.py` (its canonical loops). Arrays cross as NumPy arrays under
canonical names and in canonical layouts (see `paragone.layers`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Weights = dict[str, Array]
LARGEST_BATCH = 65536
"""Samples in the largest batch of an exported model, where a format wants to know that."""


@dataclass(frozen=True)
class Batch:
    """One batch as the side's framework holds it; `x`, `y` and the weights of samples, if any, are native tensors."""

    x: Any
    y: Any
    sample_weight: Any = None


def _nothing() -> None:
    """What there is to settle where a loop trains the model itself."""


@dataclass(frozen=True)
class Training:
    """A training that goes on epoch by epoch.

    Args:
        epoch: trains one epoch and waits for its end.
        settle: puts the weights as they are now into the model, for a loop that holds them elsewhere.
    """

    epoch: Callable[[], None]
    settle: Callable[[], None] = _nothing


def orders(n: int, seed: int) -> Iterator[Array]:
    """Orders of n samples, one for each epoch without end: the same for every framework."""
    for epoch in count():
        yield np.random.default_rng([seed, epoch]).permutation(n)


class Lazily(Mapping[str, Array]):
    """Arrays of the framework's tensors, each read when it is looked at and not kept.

    Whoever is given one reads it before the side does anything else: the tensors may change.

    Args:
        reads: what gives each array, by name.
    """

    def __init__(self, reads: Mapping[str, Callable[[], Array]]):
        self._reads = reads

    def __getitem__(self, name: str) -> Array:
        return self._reads[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._reads)

    def __len__(self) -> int:
        return len(self._reads)
