"""Cross-entropy of log-probabilities: -Σ target · output, as PyTorch's NLLLoss takes them (torch 2.13)."""

from __future__ import annotations

from typing import Any

from paragone.meaning.forms.base import Form, Numbers, Options
from paragone.meaning.forms.shared import fits_classes, labels


def _values(xp: Numbers, output: Any, target: Any, options: Options) -> Any:
    return -xp.sum(labels(xp, output, target, options) * output)


FORM = Form(
    "cross-entropy", fits_classes, _values, takes="log-probabilities", smoothed=True, tempered=True, classes=True
)
