"""Kullback-Leibler divergence of probabilities, both clipped to [1e-7, 1], summed over the last axis (row D8)."""

from __future__ import annotations

from typing import Any

from paragone.meaning.forms.base import Form, Numbers, Options
from paragone.meaning.forms.shared import fits_vectors

_LEAST = 1e-7


def _values(xp: Numbers, output: Any, target: Any, _options: Options) -> Any:
    given, wanted = xp.clip(output, _LEAST, 1.0), xp.clip(xp.cast(target, output), _LEAST, 1.0)
    return xp.sum(wanted * (xp.log(wanted) - xp.log(given)))


FORM = Form("Kullback-Leibler divergence", fits_vectors, _values, takes="probabilities")
