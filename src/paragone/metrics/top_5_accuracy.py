"""Top-5 accuracy: the share of samples in which fewer than five classes are ahead of the right one."""

from __future__ import annotations

from paragone.metrics.base import MetricKind
from paragone.metrics.shared import check_class_numbers

METRIC = MetricKind(
    "top_5_accuracy",
    "top 5 accuracy",
    "float((({output} > np.take_along_axis(np.asarray({output}), {target}[..., None], -1)).sum(-1) < 5).mean())",
    check_class_numbers,
    "share of the samples in which fewer than five outputs are larger than that of the target's class",
)
