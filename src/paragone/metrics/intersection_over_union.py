"""Intersection over union of a mask in logits: what both call 1, over what either does."""

from __future__ import annotations

from paragone.metrics.base import MetricKind
from paragone.metrics.shared import check_same_shape

METRIC = MetricKind(
    "intersection_over_union",
    "intersection over union",
    "float((({output}.ravel() > 0) & ({target}.ravel() > 0.5)).sum()"
    " / (({output}.ravel() > 0) | ({target}.ravel() > 0.5)).sum())",
    check_same_shape,
    "Σ (output > 0 and target is 1) / Σ (output > 0 or target is 1)",
)
