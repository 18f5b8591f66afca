"""Binary accuracy of logits: the share of numbers whose sign says what the target, 0 or 1, says."""

from __future__ import annotations

from paragone.metrics.base import MetricKind
from paragone.metrics.shared import check_same_shape

METRIC = MetricKind(
    "binary_accuracy",
    "binary accuracy",
    "float((({output}.ravel() > 0) == ({target}.ravel() > 0.5)).mean())",
    check_same_shape,
    "share of the logits that are above 0 where the target is 1, and not where it is 0",
)
