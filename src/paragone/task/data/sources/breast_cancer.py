"""Real measurements of 569 tumours from scikit-learn: malignant (0, 212 of them) or benign (1, 357).

https://scikit-learn.org/stable/modules/generated/sklearn.datasets.load_breast_cancer.html
"""

from __future__ import annotations

from paragone.task.data.lazy import np
from paragone.task.data.standalone import standalone


def load_data() -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
    """Thirty measurements, scaled to a variance of 1 in training; the last fifth of a shuffle is for testing."""
    from sklearn.datasets import load_breast_cancer

    table = load_breast_cancer()
    order = np.random.default_rng(0).permutation(len(table.data))
    n_test = len(order) // 5
    train, test = order[:-n_test], order[-n_test:]
    mean, deviation = table.data[train].mean(0), table.data[train].std(0)
    x = ((table.data - mean) / deviation).astype(np.float32)
    y = table.target.astype(np.int64)
    return (x[train], y[train]), (x[test], y[test])


SOURCE = standalone(
    "breast-cancer", "30 measurements of each of 569 tumours of scikit-learn: malignant (0) or benign (1)", load_data
)
