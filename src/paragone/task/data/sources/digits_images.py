"""The digits of scikit-learn as inputs and as targets, for a model that gives back what it was given."""

from __future__ import annotations

from paragone.task.data.lazy import np
from paragone.task.data.standalone import standalone


def load_data() -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
    """The digits of scikit-learn, resized to 28x28, as inputs and as targets; the last fifth is for testing."""
    from scipy.ndimage import zoom
    from sklearn.datasets import load_digits

    images = zoom(load_digits().images / 16, (1, 3.5, 3.5), order=1)[..., None].astype(np.float32)
    order = np.random.default_rng(0).permutation(len(images))
    n_test = len(images) // 5
    train, test = images[order[:-n_test]], images[order[-n_test:]]
    return (train, train), (test, test)


SOURCE = standalone("digits-images", "the images of `digits` as inputs and as targets", load_data, views=("image",))
