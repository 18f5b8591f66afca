"""What exact forms of layers are computed with, in JAX."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from paragone.frameworks.base import Array

exp, log, sqrt, tanh, expm1, log1p = jnp.exp, jnp.log, jnp.sqrt, jnp.tanh, jnp.expm1, jnp.log1p
where, einsum, abs, erf, sigmoid = jnp.where, jnp.einsum, jnp.abs, lax.erf, jax.nn.sigmoid
_concatenate, _sum, _mean, _max, _pad = jnp.concatenate, jnp.sum, jnp.mean, jnp.max, lax.pad


def first(value: Any) -> Any:
    """The first array of a nest of values; None if there is none."""
    return next((leaf for leaf in jax.tree.leaves(value) if isinstance(leaf, (jax.Array, np.ndarray))), None)


def numbers(tensor: Any) -> Array | None:
    """An array as one of NumPy; None while it is being traced."""
    return None if isinstance(tensor, jax.core.Tracer) else np.asarray(tensor)


def value(weight: Any) -> Any:
    """A weight as an array."""
    return weight[...]


def constant(array: Any, like: Any) -> Any:
    """An array in the type of another."""
    return jnp.asarray(array, dtype=like.dtype)


def concat(parts: Sequence[Any], axis: int) -> Any:
    """Side by side."""
    return _concatenate(list(parts), axis)


def maximum(x: Any, number: float) -> Any:
    """The larger of each value and a number; the number where both are equal."""
    return jnp.where(x > number, x, constant(number, x))


def minimum(x: Any, number: float) -> Any:
    """The smaller of each value and a number; the number where both are equal."""
    return jnp.where(x < number, x, constant(number, x))


def reduce_sum(x: Any, axes: Sequence[int], *, keepdims: bool = True) -> Any:
    """The sum over axes."""
    return _sum(x, axis=tuple(axes), keepdims=keepdims)


def mean(x: Any, axes: Sequence[int], *, keepdims: bool = True) -> Any:
    """The mean over axes."""
    return _mean(x, axis=tuple(axes), keepdims=keepdims)


def largest(x: Any, axis: int) -> Any:
    """The largest value along an axis, as a number without a gradient."""
    return lax.stop_gradient(_max(x, axis=axis, keepdims=True))


def moveaxis(x: Any, source: int, destination: int) -> Any:
    """Another order of the axes."""
    return jnp.moveaxis(x, source, destination)


def transpose(x: Any, axes: Sequence[int]) -> Any:
    """Another order of the axes."""
    return lax.transpose(x, tuple(axes))


def reshape(x: Any, shape: Sequence[int]) -> Any:
    """Another shape."""
    return jnp.reshape(x, tuple(shape))


def pad(x: Any, pads: Sequence[tuple[int, int]], number: float = 0.0) -> Any:
    """Every axis with so many numbers before and after; with fewer where it is negative."""
    return _pad(x, constant(number, x), [(before, after, 0) for before, after in pads])


def conv(x: Any, kernel: Any, strides: Sequence[int], dilation: Sequence[int], groups: int) -> Any:
    """A convolution without padding; channels last, kernel (spatial axes, in, out)."""
    axes = "HWD"[: len(x.shape) - 2]
    layout = f"N{axes}C", f"{axes}IO", f"N{axes}C"
    return lax.conv_general_dilated(
        x,
        kernel,
        tuple(strides),
        "VALID",
        rhs_dilation=tuple(dilation),
        dimension_numbers=layout,
        feature_group_count=groups,
    )


def conv_transpose(x: Any, kernel: Any, strides: Sequence[int], dilation: Sequence[int]) -> Any:
    """The gradient of a convolution without padding; channels last, kernel (spatial axes, in, out)."""
    axes = "HWD"[: len(x.shape) - 2]
    layout = f"N{axes}C", f"{axes}IO", f"N{axes}C"
    reach = [(size - 1) * step for size, step in zip(kernel.shape, dilation, strict=False)]
    return lax.conv_general_dilated(
        x,
        flip(kernel, range(len(axes))),
        (1,) * len(axes),
        [(one, one) for one in reach],
        lhs_dilation=tuple(strides),
        rhs_dilation=tuple(dilation),
        dimension_numbers=layout,
    )


def flip(x: Any, axes: Sequence[int]) -> Any:
    """The axes backwards."""
    return lax.rev(x, tuple(axes))


def dropout(x: Any, rate: float, training: bool) -> Any:
    """Only the absence of dropout: JAX has no function that draws by itself."""
    if rate and training:
        raise NotImplementedError("JAX has no dropout that is a function")
    return x
