"""The data of the pairs that do not use the digits: small, generated, the same on every machine.

As `--data tests/sides/pairs/data.py:regression` (or `:binary`), or written to an `.npz` file by `write`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

ROWS = 400
Floats = np.ndarray[Any, np.dtype[np.float32]]


def regression() -> tuple[Floats, Floats]:
    """Eight numbers to one: `x` of shape (400, 8), `y` of shape (400, 1)."""
    x, signal = _signal(8)
    return x, signal


def binary() -> tuple[Floats, Floats]:
    """Twelve numbers to yes or no: `x` of shape (400, 12), `y` of shape (400, 1) with 0.0 and 1.0."""
    x, signal = _signal(12)
    return x, (signal > 0).astype(np.float32)


def write(name: str, folder: Path) -> Path:
    """Write `regression.npz` or `binary.npz` into a folder and give its path."""
    x, y = {"regression.npz": regression, "binary.npz": binary}[name]()
    np.savez(folder / name, x=x, y=y)
    return folder / name


def _signal(width: int) -> tuple[Floats, Floats]:
    random = np.random.default_rng(7)
    x = random.normal(size=(ROWS, width))
    signal = np.tanh(x[:, :1]) + 0.5 * x[:, 1:2] * x[:, 2:3] + 0.1 * random.normal(size=(ROWS, 1))
    return x.astype(np.float32), signal.astype(np.float32)
