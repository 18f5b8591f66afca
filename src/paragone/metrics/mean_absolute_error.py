"""Mean absolute error: the mean over all elements of |output - target|."""

from __future__ import annotations

from paragone.metrics.base import MetricKind
from paragone.metrics.shared import check_same_shape

METRIC = MetricKind(
    "mean_absolute_error",
    "mean absolute error",
    "float(abs({output}.ravel() - {target}.ravel()).mean())",
    check_same_shape,
    "mean(|output - target|)",
)
