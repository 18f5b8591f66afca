"""A weight decay that Keras rounds to float32: NumPy's own number keeps its precision."""

from __future__ import annotations

from typing import Any

from paragone.fixes.precision import precise
from paragone.fixes.side import SideCode


def change(side: SideCode, _where: str, _name: str, _value: Any) -> None:
    """Give the decay as `np.float64`."""
    precise(side, side.optimizer(), ("weight_decay",))


CHANGE = change
