"""What a step of the side's own has to do with the loss of its file, seen in a few steps.

A step may be the canonical loop, written out: then another loss in its place is an experiment with the side. It may
follow a loss that is not the file's, which stands beside it by that name: then only the step can say what the loss is.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from paragone.frameworks.base import Array, Batch

if TYPE_CHECKING:
    from paragone.frameworks.common import SideAdapter
    from paragone.frameworks.found import Found

_STEPS = 4
_SAME_MOVES = {"float64": 1e-9, "float32": 1e-2}
"""How far apart two sums of moves may be, of the larger one."""
SAME_LOSS = {"float64": 1e-9, "float32": 1e-4}
"""How far apart two losses may be, of the larger one."""


@dataclass(frozen=True)
class Checked:
    """What came of it.

    Args:
        plain: the step moves the weights as the canonical loop does with the loss of the file.
        follows: the loss of the file is what the step follows, as far as that can be told.
    """

    plain: bool = False
    follows: bool = True

    def applied(self, found: Found) -> Found:
        """What the file trains, without a loss that its step does not follow, or a loop that is the canonical one."""
        if self.plain and found.handed:
            return replace(found, step=None)
        return found if self.follows else replace(found, loss=None)


def checked(adapter: SideAdapter) -> Checked:
    """Run the side's own step, and the canonical loop, from the same weights; then the side must be built anew."""
    assert adapter.view is not None
    size = adapter.batch_size
    rows = [slice(at * size, (at + 1) * size) for at in range(2) if (at + 1) * size <= adapter.data.n_train]
    batches = [adapter.batch(*adapter.data.train(adapter.view, row)) for row in rows or [slice(0, size)]]
    taken = [batches[at % len(batches)] for at in range(_STEPS)]
    start = dict(adapter.weights())
    said, own = _trained(adapter, start, taken)
    adapter.load(start)
    follows = adapter.follows_loss(batches[0], said) or not _repeatable(adapter, start, batches[0], said)
    return Checked(follows and _as_canonical(adapter, start, taken, own), follows)


def _trained(
    adapter: SideAdapter, start: Mapping[str, Array], batches: Sequence[Batch]
) -> tuple[float, dict[str, Array]]:
    """What the first step says that the loss is, and the weights after all of them."""
    adapter.load(start)
    said = [adapter.number(adapter.step(batch)) for batch in batches]
    return said[0], dict(adapter.weights())


def _repeatable(adapter: SideAdapter, start: Mapping[str, Array], batch: Batch, said: float) -> bool:
    """Whether neither the step nor the loss of the file draws at random."""
    adapter.load(start)
    losses = [adapter.loss(batch) for _ in range(2)]
    again, _ = _trained(adapter, start, [batch])
    return losses[0] == losses[1] and again == said


def _as_canonical(
    adapter: SideAdapter, start: Mapping[str, Array], batches: Sequence[Batch], own: Mapping[str, Array]
) -> bool:
    """Whether the canonical loop comes to the same weights; it may not even take what the file has."""
    adapter.found = replace(adapter.found, step=None)
    adapter.renew()
    try:
        _, canonical = _trained(adapter, start, batches)
    except Exception:
        return False
    limit = _SAME_MOVES[adapter.dtype]
    return all(_near(own[name] - start[name], canonical[name] - start[name], limit) for name in start)


def _near(a: Array, b: Array, limit: float) -> bool:
    return bool(np.abs(a - b).max(initial=0.0) <= limit * np.abs(b).max(initial=0.0))


def says_the_loss(adapter: SideAdapter, batch: Batch, said: float) -> bool:
    """Whether what a step gives back is the loss of the file, or its sum over the batch; nothing else can be told."""
    loss = adapter.loss(batch)
    limit = SAME_LOSS[adapter.dtype]
    return math.isnan(said) or any(
        math.isclose(said, times * loss, rel_tol=limit, abs_tol=1e-12) for times in (1.0, len(batch.x[0]))
    )


def names_of_loss(adapter: SideAdapter) -> list[str]:
    """The names of the file by which the side's own step calls its loss."""
    code = getattr(inspect.unwrap(adapter.found.step), "__code__", None) if adapter.found.step else None
    used = code.co_names if code is not None else ()
    return [name for name in used if adapter.executed.namespace.get(name) is adapter.found.loss is not None]
