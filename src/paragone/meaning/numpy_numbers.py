"""The functions that forms of losses are made of, in NumPy and in whatever has its interface (`jax.numpy`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


class NumpyNumbers:
    """`paragone.meaning.forms.base.Numbers` of a module with NumPy's interface.

    Args:
        module: `numpy` or `jax.numpy`.
    """

    def __init__(self, module: Any):
        self._np = module
        self.log, self.exp, self.abs = module.log, module.exp, module.abs
        self.where, self.total, self.reshape = module.where, module.sum, module.reshape

    def clip(self, x: Any, low: float, high: float) -> Any:
        """Nothing below `low`, nothing above `high`."""
        return self._np.clip(x, low, high)

    def sum(self, x: Any) -> Any:
        """Over the last axis."""
        return x.sum(-1)

    def log_softmax(self, x: Any) -> Any:
        """Over the last axis."""
        shifted = x - x.max(-1, keepdims=True)
        return shifted - self._np.log(self._np.exp(shifted).sum(-1, keepdims=True))

    def softplus(self, x: Any) -> Any:
        """log(1 + exp(x)), without overflow."""
        return self._np.logaddexp(x, 0.0)

    def one_hot(self, labels: Any, like: Any) -> Any:
        """Class numbers as rows of zeros and a one."""
        return self._np.eye(like.shape[-1], dtype=like.dtype)[labels.astype(int)]

    def cast(self, x: Any, like: Any) -> Any:
        """In the type of `like`."""
        return self._np.asarray(x, dtype=like.dtype)

    def shape(self, x: Any) -> tuple[Any, ...]:
        """The lengths of all axes."""
        return tuple(x.shape)

    def count(self, x: Any) -> Any:
        """How many numbers it has."""
        return float(x.size)

    def moved(self, x: Any) -> Any:
        """The axis behind the samples' axis brought to the end."""
        return self._np.moveaxis(x, 1, -1)

    def side_by_side(self, arrays: Sequence[Any]) -> Any:
        """Laid beside each other in the last axis."""
        return self._np.concatenate(arrays, -1)


NUMPY = NumpyNumbers(np)
