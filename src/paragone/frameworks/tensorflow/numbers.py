"""The functions that forms of losses are made of, in TensorFlow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tensorflow as tf


class TensorflowNumbers:
    """`paragone.meaning.forms.base.Numbers`."""

    log = staticmethod(tf.math.log)
    exp = staticmethod(tf.exp)
    abs = staticmethod(tf.abs)
    where = staticmethod(tf.where)
    total = staticmethod(tf.reduce_sum)
    reshape = staticmethod(tf.reshape)

    def clip(self, x: Any, low: float, high: float) -> Any:
        """Nothing below `low`, nothing above `high`."""
        return tf.clip_by_value(x, tf.constant(low, x.dtype), tf.constant(high, x.dtype))

    def sum(self, x: Any) -> Any:
        """Over the last axis."""
        return tf.reduce_sum(x, -1)

    def log_softmax(self, x: Any) -> Any:
        """Over the last axis."""
        return tf.nn.log_softmax(x, -1)

    def softplus(self, x: Any) -> Any:
        """log(1 + exp(x)), without overflow."""
        return tf.math.softplus(x)

    def one_hot(self, labels: Any, like: Any) -> Any:
        """Class numbers as rows of zeros and a one."""
        return tf.one_hot(tf.cast(labels, tf.int64), like.shape[-1], dtype=like.dtype)

    def cast(self, x: Any, like: Any) -> Any:
        """In the type of `like`."""
        return tf.cast(x, like.dtype) if tf.is_tensor(x) else tf.constant(x, like.dtype)

    def shape(self, x: Any) -> tuple[Any, ...]:
        """The lengths of all axes; in a graph for batches of every size some are only known when it runs."""
        lengths = tf.shape(x)
        return tuple(lengths[axis] if length is None else length for axis, length in enumerate(x.shape))

    def count(self, x: Any) -> Any:
        """How many numbers it has, when it runs."""
        return tf.cast(tf.size(x), x.dtype)

    def moved(self, x: Any) -> Any:
        """The axis behind the samples' axis brought to the end."""
        last = len(x.shape) - 1
        return tf.transpose(x, [0, *range(2, last + 1), 1])

    def side_by_side(self, arrays: Sequence[Any]) -> Any:
        """Laid beside each other in the last axis."""
        return tf.concat(list(arrays), -1)
