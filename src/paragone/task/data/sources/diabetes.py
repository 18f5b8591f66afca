"""Real measurements of 442 patients from scikit-learn, and how far their diabetes had gone a year later.

https://scikit-learn.org/stable/modules/generated/sklearn.datasets.load_diabetes.html
"""

from __future__ import annotations

from paragone.task.data.lazy import np
from paragone.task.data.standalone import standalone


def load_data() -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
    """Ten measurements, scaled to a variance of 1, and the progression in hundreds; the last fifth is for testing."""
    from sklearn.datasets import load_diabetes

    table = load_diabetes()
    x = (table.data * np.sqrt(len(table.data))).astype(np.float32)
    y = (table.target[:, None] / 100).astype(np.float32)
    order = np.random.default_rng(0).permutation(len(x))
    n_test = len(x) // 5
    train, test = order[:-n_test], order[-n_test:]
    return (x[train], y[train]), (x[test], y[test])


SOURCE = standalone(
    "diabetes",
    "10 measurements of each of 442 patients of scikit-learn; the target is the disease's progression",
    load_data,
)
