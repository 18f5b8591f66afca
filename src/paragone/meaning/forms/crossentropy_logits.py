"""Cross-entropy of logits: -Σ target · log softmax(output)."""

from __future__ import annotations

from typing import Any

from paragone.meaning.forms.base import Form, Numbers, Options
from paragone.meaning.forms.shared import fits_classes, labels


def _values(xp: Numbers, output: Any, target: Any, options: Options) -> Any:
    return -xp.sum(labels(xp, output, target, options) * xp.log_softmax(output))


FORM = Form("cross-entropy", fits_classes, _values, takes="logits", smoothed=True, classes=True)
