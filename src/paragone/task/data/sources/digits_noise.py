"""The digits of scikit-learn as inputs and as targets, with noise as a second input, for a variational autoencoder.

The noise is drawn once for every image, with a fixed seed, so that every side sees the same.
"""

from __future__ import annotations

from paragone.task.data.lazy import np
from paragone.task.data.standalone import standalone


def load_data() -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
    """The digits of scikit-learn, resized to 28x28, and noise; the targets are the images again."""
    from scipy.ndimage import zoom
    from sklearn.datasets import load_digits

    images = zoom(load_digits().images / 16, (1, 3.5, 3.5), order=1)[..., None].astype(np.float32)
    random = np.random.default_rng(0)
    noise = random.standard_normal((len(images), 8)).astype(np.float32)
    order = random.permutation(len(images))
    n_test = len(images) // 5
    train, test = order[:-n_test], order[-n_test:]
    return (images[train], noise[train], images[train]), (images[test], noise[test], images[test])


SOURCE = standalone(
    "digits-noise",
    "the images of `digits` as inputs and as targets, with 8 random numbers each as a second input",
    load_data,
    n_inputs=2,
    views=("image",),
)
