"""The logarithm of the error's hyperbolic cosine."""

from __future__ import annotations

from math import log
from typing import Any

from paragone.meaning.forms.base import Form, Numbers, Options
from paragone.meaning.forms.shared import fits_elements, lined_up


def _values(xp: Numbers, output: Any, target: Any, options: Options) -> Any:
    error = output - lined_up(xp, output, target, options)
    return error + xp.softplus(-2.0 * error) - log(2.0)


FORM = Form("log-cosh", fits_elements, _values)
