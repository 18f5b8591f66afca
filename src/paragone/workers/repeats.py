"""Whether a side gives the same twice, and leaves its input as it is: without that nothing can be compared."""

from __future__ import annotations

from collections.abc import Sequence

from paragone.distance import gap
from paragone.frameworks import refusals
from paragone.frameworks.base import Array, Batch, Weights
from paragone.frameworks.common import SideAdapter

_ROUNDING = {"float64": 1e-9, "float32": 1e-4}
"""What is still the same: threads may add in another order."""
_TRAINED = frozenset({"loss", "gradients", "step", "trajectory", "rate-change", "outcome"})


def check_evaluation(adapter: SideAdapter, batch: Batch, first: Sequence[Array]) -> None:
    """Run a built side again in evaluation mode, and look at its input.

    Args:
        adapter: the side.
        batch: what it was run on.
        first: what it gave.

    Raises:
        SideError: it changes its input, or gives something else.
    """
    before = [adapter.read(x).copy() for x in batch.x]
    again = adapter.forward(batch)
    changed = [gap(adapter.read(x), old).max_rel for x, old in zip(batch.x, before, strict=True)]
    if any(changed):
        raise refusals.changes_input(adapter.path, max(changed))
    apart = _apart(first, again)
    if apart > _ROUNDING[adapter.dtype]:
        raise refusals.draws_at_random(adapter.path, "outputs in evaluation mode", apart)


def check_repeats(adapter: SideAdapter, weights: Weights, rungs: Sequence[str]) -> None:
    """Take the training loss twice from the same weights, with everything switched off that draws at random.

    Raises:
        SideError: the two losses differ.
    """
    if not _TRAINED & set(rungs):
        return
    assert adapter.view is not None
    batch, losses = adapter.head(adapter.view), []
    for _ in range(2):
        adapter.load(weights)
        losses.append(adapter.loss(batch))
    apart = abs(losses[0] - losses[1]) / max(abs(losses[1]), _ROUNDING[adapter.dtype])
    if apart > _ROUNDING[adapter.dtype]:
        raise refusals.draws_at_random(adapter.path, "training loss", apart)


def _apart(first: Sequence[Array], again: Sequence[Array]) -> float:
    return max((gap(a, b).max_rel for a, b in zip(first, again, strict=True)), default=0.0)
