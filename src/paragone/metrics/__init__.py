"""One file per metric: a number that the written sides report after training."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from paragone.metrics.base import MetricKind


@cache
def metric_kinds() -> dict[str, MetricKind]:
    """All metrics, found by the files in this folder."""
    names = sorted(info.name for info in iter_modules(__path__) if info.name not in {"base", "shared"})
    return {kind.name: kind for kind in (import_module(f"{__name__}.{name}").METRIC for name in names)}
