"""Mean absolute error: the mean over all elements of |output - target|."""

from __future__ import annotations

from paragone.metrics.base import MetricKind
from paragone.spelling.entry import UnfitError
from paragone.task.tensor import Tensor


def _check(output: Tensor, target: Tensor) -> None:
    if output.shape != target.shape:
        raise UnfitError(f"a target of the output's shape {output.words()}", target.words())


METRIC = MetricKind(
    "mean_absolute_error",
    "mean absolute error",
    "float(abs({output} - {target}).mean())",
    _check,
    "mean(|output - target|)",
)
