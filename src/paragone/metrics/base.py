"""The form of a metric file: a number over the test set, in NumPy, the same in every written side.

A metric file holds one `METRIC`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from paragone.task.tensor import Tensor


@dataclass(frozen=True)
class MetricKind:
    """One metric.

    Args:
        name: as task files call it.
        title: as the written side prints it.
        expression: in NumPy; `{output}` and `{target}` are arrays with the samples first, channels last.
        check: raises `UnfitError` where output and target do not fit it.
        computes: in one line.
    """

    name: str
    title: str
    expression: str
    check: Callable[[Tensor, Tensor], None]
    computes: str
