"""What exact forms of layers are computed with, in TensorFlow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from paragone.frameworks.base import Array

exp, log, sqrt, tanh, erf, expm1, log1p = (
    *(tf.math.exp, tf.math.log, tf.math.sqrt, tf.math.tanh, tf.math.erf, tf.math.expm1, tf.math.log1p),
)
where, abs, sigmoid, concat = tf.where, tf.math.abs, tf.math.sigmoid, tf.concat
_sum, _mean, _max, _pad, _dropout = tf.reduce_sum, tf.reduce_mean, tf.reduce_max, tf.pad, tf.nn.dropout
_einsum, _convolution = tf.einsum, tf.nn.convolution


def first(value: Any) -> Any:
    """The first tensor of a nest of values; None if there is none."""
    return next((item for item in tf.nest.flatten(value) if isinstance(item, (tf.Tensor, np.ndarray))), None)


def numbers(tensor: Any) -> Array | None:
    """A tensor as an array; None while a graph is being traced."""
    return np.asarray(tensor) if isinstance(tensor, np.ndarray) or hasattr(tensor, "numpy") else None


def value(weight: Any) -> Any:
    """A weight as a tensor."""
    return tf.convert_to_tensor(weight.value if isinstance(weight, keras.Variable) else weight)


def constant(array: Any, like: Any) -> Any:
    """An array in the type of a tensor."""
    return tf.constant(np.asarray(array), dtype=like.dtype)


def einsum(equation: str, *tensors: Any) -> Any:
    """Einstein's sum."""
    return _einsum(equation, *tensors)


def maximum(x: Any, number: float) -> Any:
    """The larger of each value and a number; the number where both are equal."""
    return tf.where(x > constant(number, x), x, constant(number, x))


def minimum(x: Any, number: float) -> Any:
    """The smaller of each value and a number; the number where both are equal."""
    return tf.where(x < constant(number, x), x, constant(number, x))


def reduce_sum(x: Any, axes: Sequence[int], *, keepdims: bool = True) -> Any:
    """The sum over axes."""
    return _sum(x, axis=list(axes), keepdims=keepdims)


def mean(x: Any, axes: Sequence[int], *, keepdims: bool = True) -> Any:
    """The mean over axes."""
    return _mean(x, axis=list(axes), keepdims=keepdims)


def largest(x: Any, axis: int) -> Any:
    """The largest value along an axis, as a number without a gradient."""
    return tf.stop_gradient(_max(x, axis=axis, keepdims=True))


def moveaxis(x: Any, source: int, destination: int) -> Any:
    """Another order of the axes."""
    order = list(range(len(x.shape)))
    axis = order.pop(source)
    order.insert(len(order) + 1 + destination if destination < 0 else destination, axis)
    return tf.transpose(x, order)


def transpose(x: Any, axes: Sequence[int]) -> Any:
    """Another order of the axes."""
    return tf.transpose(x, list(axes))


def reshape(x: Any, shape: Sequence[int]) -> Any:
    """Another shape."""
    return tf.reshape(x, list(shape))


def pad(x: Any, pads: Sequence[tuple[int, int]], number: float = 0.0) -> Any:
    """Every axis with so many numbers before and after; with fewer where it is negative."""
    kept = tuple(slice(max(0, -before), -max(0, -after) or None) for before, after in pads)
    return _pad(
        x[kept], [[max(0, before), max(0, after)] for before, after in pads], constant_values=constant(number, x)
    )


def conv(x: Any, kernel: Any, strides: Sequence[int], dilation: Sequence[int], groups: int) -> Any:
    """A convolution without padding; channels last, kernel (spatial axes, in, out)."""
    if groups == 1:
        return _convolution(x, kernel, list(strides), "VALID", dilations=list(dilation))
    parts = zip(tf.split(x, groups, -1), tf.split(kernel, groups, -1), strict=True)
    return tf.concat([conv(one, part, strides, dilation, 1) for one, part in parts], -1)


def conv_transpose(x: Any, kernel: Any, strides: Sequence[int], dilation: Sequence[int]) -> Any:
    """The gradient of a convolution without padding; channels last, kernel (spatial axes, in, out)."""
    rank = len(x.shape) - 2
    apart = _stretched(x, strides)
    reach = [(int(size) - 1) * step for size, step in zip(kernel.shape, dilation, strict=False)]
    padded = pad(apart, [(0, 0), *((one, one) for one in reach), (0, 0)])
    return conv(padded, flip(kernel, range(rank)), (1,) * rank, dilation, 1)


def _stretched(x: Any, strides: Sequence[int]) -> Any:
    """Zeros between the places of the spatial axes."""
    for axis, step in enumerate(strides, start=1):
        if step > 1:
            shape = [-1 if one is None else one for one in x.shape]
            apart = tf.expand_dims(x, axis + 1)
            pads = [[0, 0] for _ in apart.shape]
            pads[axis + 1] = [0, step - 1]
            shape[axis] = shape[axis] * step
            x = tf.reshape(tf.pad(apart, pads), shape)
            kept = [slice(None)] * len(shape)
            kept[axis] = slice(0, shape[axis] - step + 1)
            x = x[tuple(kept)]
    return x


def flip(x: Any, axes: Sequence[int]) -> Any:
    """The axes backwards."""
    return tf.reverse(x, list(axes))


def dropout(x: Any, rate: float, training: bool) -> Any:
    """Each value zero with this chance, the others scaled."""
    return _dropout(x, rate) if training and rate else x
