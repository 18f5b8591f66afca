"""Poisson: output - target · log(output + 1e-7), as Keras has it (row D12; keras/src/losses/losses.py, 3.15)."""

from __future__ import annotations

from typing import Any

from paragone.meaning.forms.base import Form, Numbers, Options
from paragone.meaning.forms.shared import fits_elements, lined_up


def _values(xp: Numbers, output: Any, target: Any, options: Options) -> Any:
    least = options.get("epsilon", 1e-7)
    return output - lined_up(xp, output, target, options) * xp.log(xp.clip(output + least, 1e-300, 1e300))


FORM = Form("Poisson", fits_elements, _values, options=({"epsilon": 1e-7}, {"epsilon": 1e-8}))
