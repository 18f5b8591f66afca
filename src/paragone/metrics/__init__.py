"""One file per metric: a number that the written sides report after training."""

from __future__ import annotations

from functools import cache

from paragone.metrics.base import MetricKind
from paragone.words import Words


@cache
def metric_kinds() -> Words[MetricKind]:
    """All metrics, found by the files in this folder."""
    return Words({__name__: __path__}, "METRIC", ("base", "shared"))
