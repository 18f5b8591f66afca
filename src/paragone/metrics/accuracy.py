"""Accuracy: the share of samples (or places) whose largest output is at the target's class number."""

from __future__ import annotations

from paragone.metrics.base import MetricKind
from paragone.spelling.entry import UnfitError
from paragone.task.tensor import Tensor


def _check(output: Tensor, target: Tensor) -> None:
    if target.kind != "int" or not output.shape or output.shape[:-1] != target.shape:
        raise UnfitError("class numbers as targets, and an output with one number for each class", target.words())


METRIC = MetricKind(
    "accuracy",
    "accuracy",
    "float(({output}.argmax(-1) == {target}).mean())",
    _check,
    "share of the samples whose largest output is at the target's class",
)
