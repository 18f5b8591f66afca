"""What several forms have in common: which arrays fit, how targets are lined up with outputs."""

from __future__ import annotations

from typing import Any

import numpy as np

from paragone.meaning.forms.base import Numbers, Options

CLIPS: tuple[Options, ...] = tuple({"clip": float(f"1e-{digits}")} for digits in (7, 8, 12, 10, 6, 9, 15, 16, 5, 4, 3))
"""Probabilities are clipped at 1e-7 in Keras (row D3), elsewhere by hand."""


def fits_elements(output: Any, target: Any) -> bool:
    """A target for every number of the output; an axis of size 1 may be missing."""
    return bool(output.size == target.size and target.dtype.kind in "fiub")


def fits_broadcast(output: Any, target: Any) -> bool:
    """One number for each sample on both sides: (N, 1) beside (N,) becomes N × N where nobody lines them up."""
    whole = target.dtype.kind in "fiub" and output.size == target.size == len(output) > 1
    return bool(whole and output.ndim <= 2 and target.ndim <= 2)


def fits_vectors(output: Any, target: Any) -> bool:
    """A target of the output's shape, which has a class axis."""
    return bool(output.shape == target.shape and output.ndim > 1 and output.shape[-1] > 1)


def fits_classes(output: Any, target: Any) -> bool:
    """Class numbers, or rows of probabilities, for an output with a class axis."""
    if output.ndim < 2 or output.shape[-1] < 2:
        return False
    if target.shape == output.shape:
        return bool(np.allclose(target.sum(-1), 1.0))
    places = target.shape[:-1] if target.shape[-1:] == (1,) else target.shape
    whole = target.dtype.kind in "iu" and target.min() >= 0 and target.max() < output.shape[-1]
    return bool(whole and places == output.shape[:-1])


def fits_bits(output: Any, target: Any) -> bool:
    """A target between 0 and 1 for every number of the output."""
    return fits_elements(output, target) and bool(target.min() >= 0 and target.max() <= 1)


def lined_up(xp: Numbers, output: Any, target: Any, options: Options) -> Any:
    """The target in the output's type and shape; or as every pair of samples, where that is the option."""
    target = xp.cast(target, output)
    if options.get("broadcast"):
        n = xp.shape(output)[0]
        return xp.reshape(target, (1, n) if len(output.shape) == 2 else (n, 1))
    return xp.reshape(target, xp.shape(output))


def labels(xp: Numbers, output: Any, target: Any, options: Options) -> Any:
    """The targets as probabilities of the classes, smoothed; `shift` classes further on, the first after the last."""
    if len(target.shape) == len(output.shape) and target.shape[-1] == output.shape[-1]:
        hot = xp.cast(target, output)
    else:
        hot = xp.one_hot(xp.reshape(target, xp.shape(output)[:-1]), output)
    if shift := int(options.get("shift", 0)):
        hot = xp.side_by_side([hot[..., -shift:], hot[..., :-shift]])
    smoothing = options.get("smoothing", 0.0)
    return hot * (1.0 - smoothing) + smoothing / output.shape[-1]
