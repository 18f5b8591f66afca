"""What a framework's worker must be able to do, and what the orchestrator must know of a framework.

A framework is one folder: `descriptor.py` (light, imports nothing of the framework) and `worker.py` (the adapter, the
only module that imports it). Arrays cross this protocol as NumPy arrays under canonical names and in canonical
layouts (see `paragone.layers`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

Array = np.ndarray[Any, Any]
Weights = dict[str, Array]


@dataclass(frozen=True)
class Batch:
    """One batch as the side's framework holds it; `x` and `y` are native tensors."""

    x: Any
    y: Any


class Adapter(Protocol):
    """One side inside its worker.

    The order of use is `build`, then `describe`, `load`, `intervene` in any order, then the computations. `load`
    also resets the optimizer's state.
    """

    def build(self, seed: int) -> None:
        """Run the side's file with this seed and find model, loss and optimizer in it."""

    def describe(self) -> dict[str, Any]:
        """What was found: layers, parameters, traits, parts of the file, gauge of the output."""

    def weights(self) -> Weights:
        """All parameters and buffers, canonical names and layouts."""

    def load(self, weights: Mapping[str, Array]) -> None:
        """Start from these weights with a fresh optimizer state."""

    def intervene(self, traits: Sequence[Mapping[str, Any]]) -> None:
        """Set traits of meaning (`where`, `name`, `value`) on the built side."""

    def batch(self, x: Sequence[Array], y: Sequence[Array]) -> Batch:
        """Move one batch to the framework, in the layout and dtype that the side wants."""

    def forward(self, batch: Batch) -> list[Array]:
        """Outputs in evaluation mode."""

    def loss(self, batch: Batch) -> float:
        """Training loss of the batch without an update."""

    def gradients(self, batch: Batch) -> Weights:
        """Gradient of the training loss by parameter."""

    def step(self, batch: Batch) -> Any:
        """One training step as the side (or its framework's canonical loop) does it; returns the native loss."""

    def number(self, loss: Any) -> float:
        """Wait for a native loss and give its value."""
