"""Absolute error, for every number of the output; the option is that of `squared_error`."""

from __future__ import annotations

from typing import Any

from paragone.meaning.forms.base import Form, Numbers, Options
from paragone.meaning.forms.shared import fits_elements, lined_up


def _values(xp: Numbers, output: Any, target: Any, options: Options) -> Any:
    return xp.abs(output - lined_up(xp, output, target, options))


FORM = Form("absolute error", fits_elements, _values, options=({}, {"broadcast": 1.0}))
