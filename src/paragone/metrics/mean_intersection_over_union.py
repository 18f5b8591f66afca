"""Mean intersection over union of classes, over the classes that are in the targets."""

from __future__ import annotations

from paragone.metrics.base import MetricKind
from paragone.metrics.shared import check_class_numbers

METRIC = MetricKind(
    "mean_intersection_over_union",
    "mean intersection over union",
    "float(np.mean([(({output}.argmax(-1) == c) & ({target} == c)).sum()"
    " / (({output}.argmax(-1) == c) | ({target} == c)).sum() for c in np.unique({target})]))",
    check_class_numbers,
    "mean over classes of Σ (both are the class) / Σ (either is the class)",
)
