"""The data of the pairs whose parameters have to be aligned: small, generated, the same on every machine."""

from __future__ import annotations

from typing import Any

import numpy as np

ROWS = 96
Arrays = tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]


def vectors() -> Arrays:
    """Eight numbers to one of three classes."""
    x = np.random.default_rng(1).normal(size=(ROWS, 8)).astype(np.float32)
    return x, (x[:, 0] > 0).astype(np.int64) + (x[:, 1] > 0)


def sequences() -> Arrays:
    """Five steps of six numbers to one of three classes."""
    x = np.random.default_rng(2).normal(size=(ROWS, 5, 6)).astype(np.float32)
    return x, (x[:, 0, 0] > 0).astype(np.int64) + (x[:, -1, 1] > 0)


def tokens() -> Arrays:
    """Six tokens of eleven to the next token at each place."""
    x = np.random.default_rng(3).integers(0, 11, (ROWS, 7))
    return x[:, :-1], x[:, 1:]


def images() -> Arrays:
    """Images of 8 by 8 with three channels to one of four classes."""
    x = np.random.default_rng(4).normal(size=(ROWS, 8, 8, 3)).astype(np.float32)
    return x, (x[:, 0, 0, 0] > 0) * 2 + (x[:, 1, 1, 1] > 0).astype(np.int64)


def masks() -> Arrays:
    """Images of 8 by 8 with three channels to one of two classes at each place."""
    x = np.random.default_rng(5).normal(size=(ROWS, 8, 8, 3)).astype(np.float32)
    return x, (x[..., 0] > 0).astype(np.int64)
