"""Dice of a mask in logits: twice what both call 1, over the sum of what each does."""

from __future__ import annotations

from paragone.metrics.base import MetricKind
from paragone.metrics.shared import check_same_shape

METRIC = MetricKind(
    "dice",
    "dice",
    "float(2 * (({output}.ravel() > 0) & ({target}.ravel() > 0.5)).sum()"
    " / (({output}.ravel() > 0).sum() + ({target}.ravel() > 0.5).sum()))",
    check_same_shape,
    "2 · Σ (output > 0 and target is 1) / (Σ (output > 0) + Σ (target is 1))",
)
