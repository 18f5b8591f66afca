"""Binary cross-entropy of logits, for every number of the output."""

from __future__ import annotations

from typing import Any

from paragone.meaning.forms.base import Form, Numbers, Options
from paragone.meaning.forms.shared import fits_bits, lined_up


def _values(xp: Numbers, output: Any, target: Any, options: Options) -> Any:
    smoothing = options.get("smoothing", 0.0)
    wanted = lined_up(xp, output, target, options) * (1.0 - smoothing) + 0.5 * smoothing
    return xp.softplus(output) - wanted * output


FORM = Form("binary cross-entropy", fits_bits, _values, takes="logits", smoothed=True, tempered=True)
