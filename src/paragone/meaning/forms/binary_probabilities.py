"""Binary cross-entropy of probabilities: clipped as Keras does (1e-7), or with logarithms from -100 as PyTorch does.

keras/src/backend/tensorflow/nn.py, binary_crossentropy, Keras 3.15; torch/nn/functional.py, binary_cross_entropy, 2.13
(row D3).
"""

from __future__ import annotations

from math import exp
from typing import Any

from paragone.meaning.forms.base import Form, Numbers, Options
from paragone.meaning.forms.shared import fits_bits, lined_up

_LEAST_OF_TORCH = exp(-100.0)


def _values(xp: Numbers, output: Any, target: Any, options: Options) -> Any:
    smoothing = options.get("smoothing", 0.0)
    wanted = lined_up(xp, output, target, options) * (1.0 - smoothing) + 0.5 * smoothing
    least = options.get("clip", 0.0)
    chance = xp.clip(output, least, 1.0 - least)
    yes, no = (xp.log(xp.clip(x, _LEAST_OF_TORCH, 1.0)) for x in (chance, 1.0 - chance))
    return -(wanted * yes + (1.0 - wanted) * no)


FORM = Form(
    "binary cross-entropy",
    fits_bits,
    _values,
    takes="probabilities",
    options=({}, {"clip": 1e-7}),
    smoothed=True,
    tempered=True,
)
