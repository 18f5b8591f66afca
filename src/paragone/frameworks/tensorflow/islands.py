"""Functions of TensorFlow that hold float32 constants even in float64, and the same in the precision of their input.

`tf.nn.gelu` is off by 5e-9 and `tf.nn.leaky_relu` by 4e-8 in float64 (tensorflow/python/ops/nn_ops.py, TensorFlow
2.21). Keras calls them through `tf.nn`, so replacing them there reaches every layer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

from paragone.frameworks.stand_in import StandIn

STAND_INS: dict[str, StandIn] = {"gelu": StandIn(tf.nn.gelu), "leaky_relu": StandIn(tf.nn.leaky_relu)}


def _gelu(features: Any, approximate: bool = False, **_: Any) -> Any:
    x = tf.convert_to_tensor(features)

    def number(value: float) -> Any:
        return tf.constant(value, x.dtype)

    if approximate:
        inner = number(np.sqrt(2 / np.pi)) * (x + number(0.044715) * x * x * x)
        return number(0.5) * x * (1 + tf.tanh(inner))
    return number(0.5) * x * (1 + tf.math.erf(x / number(np.sqrt(2.0))))


def _leaky_relu(features: Any, alpha: float = 0.2, **_: Any) -> Any:
    x = tf.convert_to_tensor(features)
    return tf.where(x > 0, x, tf.constant(alpha, x.dtype) * x)


EXACT: dict[str, Callable[..., Any]] = {"gelu": _gelu, "leaky_relu": _leaky_relu}
