"""Cosine distance: 1 - cos(output, target) over the last axis; Keras gives -cos, one less (row D11)."""

from __future__ import annotations

from typing import Any

from paragone.meaning.forms.base import Form, Numbers, Options
from paragone.meaning.forms.shared import fits_vectors

_LEAST = 1e-24


def _values(xp: Numbers, output: Any, target: Any, options: Options) -> Any:
    wanted = xp.cast(target, output)
    dot, left, right = xp.sum(output * wanted), xp.sum(output * output), xp.sum(wanted * wanted)
    lengths = xp.exp(0.5 * (xp.log(xp.clip(left, _LEAST, 1e300)) + xp.log(xp.clip(right, _LEAST, 1e300))))
    return options.get("offset", 1.0) - dot / lengths


FORM = Form("cosine distance", fits_vectors, _values, options=({"offset": 1.0}, {"offset": 0.0}))
