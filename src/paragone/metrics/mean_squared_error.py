"""Mean squared error: the mean over all elements of (output - target)²."""

from __future__ import annotations

from paragone.metrics.base import MetricKind
from paragone.metrics.shared import check_same_shape

METRIC = MetricKind(
    "mean_squared_error",
    "mean squared error",
    "float((({output}.ravel() - {target}.ravel()) ** 2).mean())",
    check_same_shape,
    "mean((output - target)²)",
)
