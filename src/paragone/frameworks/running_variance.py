"""What a class of the user's, derived from a framework's batch normalisation, does with variances, by experiment."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from paragone.frameworks.base import Array

BIASED, UNBIASED = "biased", "unbiased"
BY_N, BY_LESS = "n", "n - 1"
SAMPLES = 4
_SURE = 1e-3
_WIDE = 100.0
"""The deviation of the batch, beside which no epsilon counts."""

Trained = Callable[[Array], tuple[Array, Array]]
"""From a batch to the outputs and the running variance after one step of training that began with a running variance
of zero; the layer itself stays as it is."""


def measured_variance(trait: str, trained: Trained, shape: tuple[int, ...], axis: int) -> str | None:
    """What a class does about a trait of batch normalisation; None where it is not known, or where it refuses a batch.

    Args:
        trait: `running_variance`, of which it is `biased` or `unbiased`; or `variance_divisor`, by which the squares of
            a batch are divided before it is normalised, `n` or `n - 1`.
        trained: the layer in training.
        shape: of a batch, with `SAMPLES` samples.
        axis: of the channels.
    """
    if trait == "running_variance":
        return kept_variance(lambda batch: trained(batch)[1], shape)
    if trait == "variance_divisor":
        return divisor(lambda batch: trained(batch)[0], shape, axis)
    return None


def divisor(outputs: Callable[[Array], Array], shape: tuple[int, ...], axis: int) -> str | None:
    """By what a batch's squares are divided, from the variance that is left in the outputs."""

    def divided_by(batch: Array) -> Array:
        others = tuple(one for one in range(batch.ndim) if one != axis % batch.ndim)
        with np.errstate(divide="ignore"):
            return np.asarray(1.0 / outputs(batch).var(others))

    return {BIASED: BY_N, UNBIASED: BY_LESS}.get(str(kept_variance(divided_by, shape)))


def kept_variance(after: Callable[[Array], Array], shape: tuple[int, ...]) -> str | None:
    """Which variance is kept, by experiment: of a batch, and of the batch twice, of which only the unbiased differs.

    Args:
        after: from a batch of this shape or of twice as many samples to a multiple of the variance of each channel.
        shape: of the batch, with `SAMPLES` samples.

    Returns:
        `biased`, `unbiased`, or None where it is neither or where the layer refuses the batch.
    """
    batch = np.random.default_rng(0).normal(0.0, _WIDE, size=shape)
    try:
        once, twice = after(batch), after(np.concatenate([batch, batch]))
    except Exception:
        return None
    count = once.size and batch.size // once.size
    if count < SAMPLES or not (np.all(once > 0.0) and np.all(twice > 0.0) and np.isfinite([once, twice]).all()):
        return None
    wanted = {BIASED: 1.0, UNBIASED: (count / (count - 1)) / (2 * count / (2 * count - 1))}
    return next((name for name, ratio in wanted.items() if np.abs(once / twice - ratio).max() < _SURE / count), None)
