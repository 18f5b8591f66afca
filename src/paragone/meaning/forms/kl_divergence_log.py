"""Kullback-Leibler divergence of log-probabilities, as PyTorch and Optax take them, summed over the last axis (D8)."""

from __future__ import annotations

from typing import Any

from paragone.meaning.forms.base import Form, Numbers, Options
from paragone.meaning.forms.shared import fits_vectors

_TINY = 1e-300


def _values(xp: Numbers, output: Any, target: Any, _options: Options) -> Any:
    wanted = xp.cast(target, output)
    return xp.sum(wanted * (xp.log(xp.clip(wanted, _TINY, 1.0)) - output))


FORM = Form("Kullback-Leibler divergence", fits_vectors, _values, takes="log-probabilities")
