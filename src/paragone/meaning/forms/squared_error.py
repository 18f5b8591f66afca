"""Squared error, for every number of the output.

With (N, 1) beside (N,), which nobody lined up, it is taken for every pair of samples (row D13).
"""

from __future__ import annotations

from typing import Any

from paragone.meaning.forms.base import Form, Numbers, Options
from paragone.meaning.forms.shared import fits_elements, lined_up


def _values(xp: Numbers, output: Any, target: Any, options: Options) -> Any:
    error = output - lined_up(xp, output, target, options)
    return error * error


FORM = Form("squared error", fits_elements, _values, options=({}, {"broadcast": 1.0}))
