"""Hinge: max(1 - target · output, 0), with targets of -1 and 1; 0 stands for -1, as in Keras."""

from __future__ import annotations

from typing import Any

from paragone.meaning.forms.base import Form, Numbers, Options
from paragone.meaning.forms.shared import fits_elements, lined_up


def _values(xp: Numbers, output: Any, target: Any, options: Options) -> Any:
    wanted = lined_up(xp, output, target, options)
    if options.get("bits"):
        wanted = 2.0 * wanted - 1.0
    margin = xp.clip(1.0 - wanted * output, 0.0, 1e300)
    return margin * margin if options.get("squared") else margin


FORM = Form(
    "hinge", fits_elements, _values, options=({}, {"bits": 1.0}, {"squared": 1.0}, {"squared": 1.0, "bits": 1.0})
)
