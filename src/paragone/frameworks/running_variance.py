"""What a class of the user's, derived from a framework's batch normalisation, keeps as its running variance."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from paragone.frameworks.base import Array

BIASED, UNBIASED = "biased", "unbiased"
SAMPLES = 4
_SURE = 1e-3


def kept_variance(after: Callable[[Array], Array], shape: tuple[int, ...]) -> str | None:
    """Which variance is kept, by experiment: of a batch, and of the batch twice, of which only the unbiased differs.

    Args:
        after: from a batch of this shape or of twice as many samples to the running variance after one step of
            training that began at zero; the layer itself stays as it is.
        shape: of the batch, with `SAMPLES` samples.

    Returns:
        `biased`, `unbiased`, or None where it is neither or where the layer refuses the batch.
    """
    batch = np.random.default_rng(0).normal(size=shape)
    try:
        once, twice = after(batch), after(np.concatenate([batch, batch]))
    except Exception:
        return None
    count = once.size and batch.size // once.size
    if count < SAMPLES or not (np.all(once > 0.0) and np.all(twice > 0.0)):
        return None
    wanted = {BIASED: 1.0, UNBIASED: (count / (count - 1)) / (2 * count / (2 * count - 1))}
    return next((name for name, ratio in wanted.items() if np.abs(once / twice - ratio).max() < _SURE / count), None)
