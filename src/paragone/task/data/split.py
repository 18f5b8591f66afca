"""The split into training and test samples, where the data has no test set of its own."""

from __future__ import annotations

from collections.abc import Mapping

from paragone.errors import InputError
from paragone.task.data.form import TEST
from paragone.task.data.lazy import np
from paragone.task.data.source import Array

TEST_SHARE = 5
"""One sample in so many is for testing."""


def split(arrays: Mapping[str, Array], seed: int, where: str) -> tuple[dict[str, Array], str]:
    """Training and test arrays, and in words how they were split.

    A test set of the data's own is kept. Otherwise the last fifth of a shuffle, which depends on the seed and on the
    number of samples only, is the test set.

    Raises:
        InputError: there would be no test sample.
    """
    if any(name.endswith(TEST) for name in arrays):
        return dict(arrays), "the data's own test set"
    n_samples = len(arrays["x" if "x" in arrays else "x0"])
    n_test = n_samples // TEST_SHARE
    if n_test == 0:
        raise InputError(
            "The data leaves 0 samples for testing.",
            where=where,
            expected=f"{TEST_SHARE} samples or more (the last fifth is for testing), or x_test and y_test",
            received=f"{n_samples} samples",
        )
    order = np.random.default_rng(seed).permutation(n_samples)
    train, test = order[:-n_test], order[-n_test:]
    parts = {name: array[train] for name, array in arrays.items()}
    parts |= {name + TEST: array[test] for name, array in arrays.items()}
    return parts, f"the last fifth of a shuffle with seed {seed}"
