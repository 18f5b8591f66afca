"""Exact forms that several activations share, without overflow; `ops` computes in any framework."""

from __future__ import annotations

from typing import Any


def softplus(ops: Any, x: Any) -> Any:
    """log(1 + exp(x))."""
    return ops.maximum(x, 0.0) + ops.log1p(ops.exp(-ops.abs(x)))


def exponential_unit(ops: Any, x: Any, alpha: float) -> Any:
    """X above zero, alpha · (exp(x) - 1) elsewhere."""
    return ops.where(x > 0, x, alpha * ops.expm1(ops.minimum(x, 0.0)))


def log_softmax(ops: Any, x: Any, axis: int) -> Any:
    """The logarithm of softmax over an axis."""
    shifted = x - ops.largest(x, axis)
    return shifted - ops.log(ops.reduce_sum(ops.exp(shifted), (axis,)))
