"""Real handwriting: the digits of scikit-learn, resized from 8×8 to 28×28.

The source is the test set of the UCI data set "Optical Recognition of Handwritten Digits" (1797 images, 0 to 16),
which comes with scikit-learn: https://scikit-learn.org/stable/modules/generated/sklearn.datasets.load_digits.html
"""

from __future__ import annotations

from paragone.task.data.lazy import np
from paragone.task.data.source import RawData, Source

SIDE_PIXELS = 28
HIGHEST_INK = 16


def _read(_text: str) -> RawData:
    from scipy.ndimage import zoom
    from sklearn.datasets import load_digits

    digits = load_digits()
    scale = SIDE_PIXELS / digits.images.shape[1]
    images = zoom(digits.images / HIGHEST_INK, (1, scale, scale), order=1)  # linear: stays in 0..1
    x = images.reshape(-1, SIDE_PIXELS, SIDE_PIXELS, 1).astype(np.float32)
    return RawData({"x": x, "y": digits.target.astype(np.int64)}, views=("image", "flat"))


_SCRIPT = '''
def load_data() -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
    """The digits of scikit-learn, resized to 28x28; the last fifth of a shuffle is for testing."""
    from scipy.ndimage import zoom
    from sklearn.datasets import load_digits

    digits = load_digits()
    images = zoom(digits.images / 16, (1, 3.5, 3.5), order=1)
    x = images.reshape(-1, 28, 28, 1).astype(np.float32)
    y = digits.target.astype(np.int64)
    order = np.random.default_rng(0).permutation(len(x))
    n_test = len(x) // 5
    train, test = order[:-n_test], order[-n_test:]
    return (x[train], y[train]), (x[test], y[test])
'''


SOURCE = Source(
    name="digits",
    summary="1797 handwritten digits of scikit-learn, resized to 28×28, values 0 to 1",
    accepts=lambda text: text == "digits",
    read=_read,
    script=lambda _text: _SCRIPT.strip(),
)
