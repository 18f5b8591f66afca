"""Huber's loss: half the squared error up to delta, and a line of slope delta beyond.

PyTorch's SmoothL1Loss(beta) is this with delta = beta, divided by beta (row D9): the same form at another scale.
Its other option is that of `squared_error`.
"""

from __future__ import annotations

from typing import Any

from paragone.meaning.forms.base import Form, Numbers, Options
from paragone.meaning.forms.shared import fits_elements, lined_up


def _values(xp: Numbers, output: Any, target: Any, options: Options) -> Any:
    delta = options.get("delta", 1.0)
    size = xp.abs(output - lined_up(xp, output, target, options))
    return xp.where(size <= delta, 0.5 * size * size, delta * (size - 0.5 * delta))


FORM = Form(
    "Huber", fits_elements, _values, options=({"delta": 1.0}, {"delta": 1.0, "broadcast": 1.0}), threshold="delta"
)
