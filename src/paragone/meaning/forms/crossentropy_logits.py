"""Cross-entropy of logits: -Σ target · log softmax(output), with or without a clip of the probabilities (row D3)."""

from __future__ import annotations

from typing import Any

from paragone.meaning.forms.base import Form, Numbers, Options
from paragone.meaning.forms.shared import CLIPS, fits_classes, labels


def _values(xp: Numbers, output: Any, target: Any, options: Options) -> Any:
    likely = xp.log_softmax(output)
    if least := options.get("clip", 0.0):
        likely = xp.log(xp.clip(xp.exp(likely), least, 1.0 - least))
    return -xp.sum(labels(xp, output, target, options) * likely)


FORM = Form(
    "cross-entropy", fits_classes, _values, takes="logits", extremes=CLIPS, smoothed=True, tempered=True, classes=True
)
