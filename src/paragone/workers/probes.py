"""The inputs on which a side is tried, beside ordinary ones: each shows a kind of difference that ordinary ones hide.

A probe changes the inputs as the data has them, before they get the side's own layout, and names what comes of it, so
that one sees in a rung's distances which probe failed. It gives None where it does not apply.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import cast

import numpy as np

from paragone.frameworks.base import Array, Lazily, Weights

Inputs = list[Array]
Change = Callable[[Inputs], "Inputs | None"]

SATURATING = 1000.0
"""Factor on the inputs that drives a softmax into saturation."""
SMALL = 1e-3
"""Factor on the inputs beside which the epsilon of a normalisation is large."""
ROWS = 128
ROWS_ODD = 7
"""Samples of every probe but the first: no other probe costs much, and a framework compiles for one more shape only."""
WAYS = {"weights/1": "step", "partial": "step_partial"}
"""The arrays of a trace from which the start is taken away, and what the difference is called."""
OF_PARTIAL = "gradients_of_partial"
"""No rung, but asked for like one: the gradients of the batch that is not full."""
OF_LOSS = "gradients_of_loss"
"""Gradients before a step of the side's own clipped or scaled them, beside `gradients`, where it did."""
_KEPT = 2 / 3
"""The share of a sequence before its padding."""


def scaled(factor: float) -> Change:
    """Inputs times a factor; whole numbers stay."""

    def change(x: Inputs) -> Inputs | None:
        if not any(item.dtype.kind == "f" for item in x):
            return None
        return [item * item.dtype.type(factor) if item.dtype.kind == "f" else item for item in x]

    return change


def shifted(x: Inputs) -> Inputs | None:
    """Inputs moved below zero: what pads with zeros, or is one-sided, gives something else there."""
    if not any(item.dtype.kind == "f" and item.size for item in x):
        return None
    return [item - np.abs(item).max() if item.dtype.kind == "f" else item for item in x]


def cropped(x: Inputs) -> Inputs | None:
    """Images and sequences shorter by one: odd where they were even (rows G1, G6, G12)."""
    found = [_cropped(item) for item in x]
    return found if any(one.shape != item.shape for one, item in zip(found, x, strict=True)) else None


def _cropped(item: Array) -> Array:
    places = range(1, item.ndim - 1) if item.dtype.kind == "f" else range(1, item.ndim)
    return item[(slice(None), *(slice(0, item.shape[axis] - 1) if item.shape[axis] > 2 else slice(None)
                                for axis in places))]  # fmt: skip


def padded(x: Inputs) -> Inputs | None:
    """Sequences of whole numbers with zeros at their ends (rows H6, H8, H10)."""
    return _padded(x, whole_rows=0)


def all_padded(x: Inputs) -> Inputs | None:
    """The same, and the first sequence is nothing but zeros (row H11)."""
    return _padded(x, whole_rows=1)


def _padded(x: Inputs, *, whole_rows: int) -> Inputs | None:
    if not any(_is_sequence(item) for item in x):
        return None
    found = [item.copy() for item in x]
    for item in filter(_is_sequence, found):
        item[:, max(1, int(item.shape[1] * _KEPT)) :] = 0
        item[:whole_rows] = 0
    return found


def unpadded(x: Inputs) -> Inputs | None:
    """Sequences of whole numbers without any zero: masks of padding do nothing there (rows H6, H8)."""
    return [without_padding(item) for item in x] if any(_is_sequence(item) for item in x) else None


def without_padding(item: Array) -> Array:
    """In sequences of whole numbers the smallest other number stands for 0; anything else as it is."""
    others = item[item > 0] if _is_sequence(item) else item[:0]
    return np.where(item == 0, others.min(), item).astype(item.dtype) if others.size else item


def _is_sequence(item: Array) -> bool:
    return item.dtype.kind in "iu" and item.ndim == 2 and item.shape[1] > 1


FORWARD: dict[str, tuple[int, Change | None]] = {
    "forward": (ROWS, None),
    "forward_odd": (ROWS_ODD, None),
    "forward_saturated": (ROWS_ODD, scaled(SATURATING)),
    "forward_small": (ROWS_ODD, scaled(SMALL)),
    "forward_shifted": (ROWS_ODD, shifted),
    "forward_size": (ROWS_ODD, cropped),
    "forward_padded": (ROWS_ODD, padded),
    "forward_all_padded": (ROWS_ODD, all_padded),
    "forward_unpadded": (ROWS_ODD, unpadded),
}
"""Rows and change of each probe in evaluation mode. Only the first must be accepted by a side."""

LOSS: dict[str, tuple[int | None, Change | None]] = {
    "loss": (None, None),
    "loss_odd": (ROWS_ODD, None),
    "loss_saturated": (ROWS_ODD, scaled(SATURATING)),
    "loss_small": (ROWS_ODD, scaled(SMALL)),
}
"""Rows (None: a batch) and change of each probe of the training loss."""
SHARP = "loss_sharp"
"""The training loss with every kernel times `SHARPENING`: saturated also behind a normalisation (row D3)."""
SHARPENING = 100.0
GRADIENTS = "gradients"
"""The pass in training mode over the batch that the gradients are of."""


def partial_rows(batch_size: int) -> int:
    """Rows of a partial batch: fewer than a batch, at least two, since a batch normalisation takes no single value."""
    return min(ROWS_ODD, max(2, batch_size // 2))


def sharpened(weights: Weights) -> Lazily:
    """The weights with every kernel times a factor."""
    return Lazily({name: partial(_sharpened, array) for name, array in weights.items()})


def _sharpened(array: Array) -> Array:
    return cast(Array, array * array.dtype.type(SHARPENING)) if array.ndim > 1 else array
