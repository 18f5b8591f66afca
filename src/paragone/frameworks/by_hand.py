"""A step of the side's own that moves the weights without an optimizer, by `p -= rate * g`: its rate, in two steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from paragone.frameworks.base import Array, Batch
from paragone.meaning.loss import short

if TYPE_CHECKING:
    from paragone.frameworks.common import SideAdapter

_SAME = {"float64": 1e-9, "float32": 1e-3}
"""How far a move may be from the rate times its gradient, of the largest move."""
_DIGITS = {"float64": 12, "float32": 4}


def rate_by_hand(adapter: SideAdapter, batches: Sequence[Batch]) -> float | None:
    """The rate of the side's own step, the same in one step after the other; None where it moves in another way.

    Args:
        adapter: of the side, built.
        batches: of the steps.
    """
    adapter.load(dict(adapter.weights()))
    rates = [_rate(adapter, batch) for batch in batches]
    first = rates[0]
    return first if first is not None and all(rate == first for rate in rates) else None


def _rate(adapter: SideAdapter, batch: Batch) -> float | None:
    before = dict(adapter.weights())
    gradients = {name: np.asarray(array) for name, array in adapter.gradients(batch).items()}
    adapter.put(before)
    adapter.number(adapter.step(batch))
    after = dict(adapter.weights())
    return _common_rate({name: before[name] - after[name] for name in gradients}, gradients, adapter.dtype)


def _common_rate(moves: Mapping[str, Array], gradients: Mapping[str, Array], dtype: str) -> float | None:
    """What all gradients are times to be the moves."""
    size = sum(float((array**2).sum()) for array in gradients.values())
    if not size:
        return None
    rate = sum(float((moves[name] * array).sum()) for name, array in gradients.items()) / size
    limit = _SAME[dtype] * max(float(np.abs(move).max(initial=0.0)) for move in moves.values())
    fits = all(np.abs(moves[name] - rate * array).max(initial=0.0) <= limit for name, array in gradients.items())
    return short(float(f"{rate:.{_DIGITS[dtype]}g}")) if fits and rate > 0.0 else None
