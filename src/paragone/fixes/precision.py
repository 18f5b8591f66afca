"""Numbers of an optimizer that keep their precision.

On the TensorFlow backend Keras casts a Python number through float32, and takes one of NumPy as it is
(keras/src/backend/tensorflow/core.py, 3.15).
"""

from __future__ import annotations

from collections.abc import Iterable

from paragone.fixes.draft import CallChange
from paragone.fixes.side import SideCode
from paragone.spelling.code import literal


def precise(side: SideCode, call: CallChange, names: Iterable[str]) -> None:
    """Give these numbers as `np.float64`, with the values that they have."""
    numpy = side.draft.module(("numpy",), "np", "import numpy as np", side.source.statement(call.node))
    for name in names:
        call.set(side.source, name, f"{numpy}.float64({literal(float(side.value('optimizer', name)))})")
