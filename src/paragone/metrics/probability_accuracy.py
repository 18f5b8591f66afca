"""Binary accuracy of probabilities: the share of numbers that lie on the side of 0.5 where the target, 0 or 1, lies."""

from __future__ import annotations

from paragone.metrics.base import MetricKind
from paragone.metrics.shared import check_same_shape

METRIC = MetricKind(
    "probability_accuracy",
    "binary accuracy",
    "float((({output}.ravel() > 0.5) == ({target}.ravel() > 0.5)).mean())",
    check_same_shape,
    "share of the probabilities that are above 0.5 where the target is 1, and not where it is 0",
)
