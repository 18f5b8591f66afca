"""Accuracy: the share of samples (or places) whose largest output is at the target's class number."""

from __future__ import annotations

from paragone.metrics.base import MetricKind
from paragone.metrics.shared import check_class_numbers

METRIC = MetricKind(
    "accuracy",
    "accuracy",
    "float(({output}.argmax(-1) == {target}).mean())",
    check_class_numbers,
    "share of the samples whose largest output is at the target's class",
)
