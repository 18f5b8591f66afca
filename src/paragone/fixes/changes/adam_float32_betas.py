"""Betas that Keras rounds to float32: NumPy's own numbers keep their precision."""

from __future__ import annotations

from typing import Any

from paragone.fixes.precision import precise
from paragone.fixes.side import SideCode
from paragone.optimizers.adam import EXACT, EXACT_AMSGRAD


def change(side: SideCode, _where: str, _name: str, _value: Any) -> None:
    """Give both betas as `np.float64`, unless the optimizer is replaced by one that keeps their precision anyway."""
    call = side.optimizer()
    if not call.spelled.startswith((EXACT.name, EXACT_AMSGRAD.name)):
        precise(side, call, ("beta_1", "beta_2"))


CHANGE = change
