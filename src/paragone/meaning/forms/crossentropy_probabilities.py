"""Cross-entropy of probabilities: -Σ target · log output, with or without the clip of Keras at 1e-7 (row D3).

keras/src/backend/tensorflow/nn.py, categorical_crossentropy, Keras 3.15.
"""

from __future__ import annotations

from typing import Any

from paragone.meaning.forms.base import Form, Numbers, Options
from paragone.meaning.forms.shared import CLIPS, fits_classes, labels

_TINY = 1e-300


def _values(xp: Numbers, output: Any, target: Any, options: Options) -> Any:
    least = options.get("clip", 0.0)
    clipped = xp.clip(output, least or _TINY, 1.0 - least)
    return -xp.sum(labels(xp, output, target, options) * xp.log(clipped))


FORM = Form(
    "cross-entropy",
    fits_classes,
    _values,
    takes="probabilities",
    options=({}, {"clip": 1e-7}),
    extremes=CLIPS,
    smoothed=True,
    tempered=True,
    classes=True,
)
