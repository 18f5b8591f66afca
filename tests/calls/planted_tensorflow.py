"""Pairs of models in Keras that differ in one thing, and the trap that it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf
from keras import activations, layers, ops

IMAGES, ROWS, SEQUENCES = (4, 7, 8, 3), (6, 5), (4, 5, 6)


class Calls(keras.Model):
    """A model that calls one function on what its parts give."""

    def __init__(self, function: Callable[..., Any], *parts: Any):
        super().__init__()
        self.function, self.parts = function, list(parts)

    def call(self, x: Any) -> Any:
        return self.function(x, *self.parts)


def on_rows(function: Callable[[Any], Any]) -> Callable[[], Any]:
    """A function between two dense layers."""
    return lambda: Calls(lambda x, a, b: b(function(a(3.0 * x))), layers.Dense(6), layers.Dense(2))


def fused(activation: Any) -> Callable[[], Any]:
    """A dense layer with an activation, in a functional model."""

    def make() -> Any:
        x = keras.Input(ROWS[1:])
        return keras.Model(x, layers.Dense(2)(layers.Dense(6, activation=activation)(3.0 * x)))

    return make


def functional(function: Callable[[Any], Any]) -> Callable[[], Any]:
    """An operation of a functional model."""

    def make() -> Any:
        x = keras.Input(ROWS[1:])
        return keras.Model(x, layers.Dense(2)(function(layers.Dense(6)(3.0 * x))))

    return make


def masked(masks_zero: bool) -> Callable[[], Any]:
    """The mean over a sequence of tokens, of which some are 0; the numbers come in beside them."""

    def make() -> Any:
        x = keras.Input(ROWS[1:])
        rows = layers.Embedding(20, 4, mask_zero=masks_zero)(ops.cast(ops.abs(2.0 * x), "int32"))
        seen = layers.GlobalAveragePooling1D()(rows)
        return keras.Model(x, layers.Dense(2)(seen) + ops.sum(x, -1, keepdims=True))

    return make


def on_images(function: Callable[[Any], Any]) -> Callable[[], Any]:
    """A function on images."""
    return lambda: Calls(lambda x, a: function(a(x)), layers.Conv2D(3, 1))


def one(make: Callable[[], Any]) -> Callable[[], Any]:
    """A layer after a convolution."""
    return lambda: keras.Sequential([layers.Conv2D(4, 1), make()])


def mean(x: Any) -> Any:
    """Over the spatial axes."""
    return tf.reduce_mean(x, (1, 2))


class Given(layers.Layer):
    """A function that is given the weights which this layer keeps."""

    def __init__(self, function: Callable[..., Any], *shape: int):
        super().__init__()
        self.function, self.shape = function, shape

    def build(self, _shape: Any) -> None:
        self.w = self.add_weight(shape=self.shape, initializer=keras.initializers.RandomNormal(stddev=0.3, seed=0))
        self.b = self.add_weight(shape=self.shape[-1:], initializer=keras.initializers.RandomNormal(seed=1))

    def call(self, x: Any) -> Any:
        return self.function(x, self.w, self.b)


def given(function: Callable[..., Any], *shape: int) -> Callable[[], Any]:
    """One function with weights."""
    return lambda: keras.Sequential([Given(function, *shape)])


class Sharper(layers.MultiHeadAttention):
    """Attention whose queries are twice as large."""

    def _compute_attention(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        return super()._compute_attention(2.0 * query, *args, **kwargs)


def attention(kind: type[layers.Layer] = layers.MultiHeadAttention, **more: Any) -> Callable[[], Any]:
    """A sequence that attends to itself; 1/√4 is exact in float32."""
    return lambda: Calls(lambda x, a: a(x, x, **more), kind(2, 4))


PLANTED = {
    "hard sigmoid by hand": (
        on_rows(ops.hard_sigmoid),
        on_rows(lambda x: ops.clip(0.2 * x + 0.5, 0.0, 1.0)),
        *("hard-sigmoid-slope", ROWS),
    ),
    "softplus by hand in a functional model": (
        functional(ops.softplus),
        functional(lambda x: ops.log(1.0 + ops.exp(x))),
        *("", ROWS),
    ),
    "a rounded value": (
        on_rows(tf.nn.relu),
        on_rows(lambda x: tf.nn.relu(tf.cast(tf.cast(x, "float32"), "float64"))),
        *("float32-inside", ROWS),
    ),
    "padding of tf.nn.conv2d": (
        given(lambda x, w, b: tf.nn.conv2d(x, w, 2, "SAME") + b, 3, 3, 3, 4),
        given(lambda x, w, b: tf.nn.conv2d(x, w, [1, 2, 2, 1], [[0, 0], [1, 1], [1, 1], [0, 0]]) + b, 3, 3, 3, 4),
        *("convolution-padding", (4, 8, 8, 3)),
    ),
    "dilation of keras.ops.conv": (
        given(lambda x, w, b: ops.conv(x, w, padding="same", dilation_rate=2) + b, 3, 3, 3, 4),
        given(lambda x, w, b: ops.conv(x, w, padding="same") + b, 3, 3, 3, 4),
        *("convolution-dilation", IMAGES),
    ),
    "padding of a depthwise convolution": (
        lambda: keras.Sequential([layers.DepthwiseConv2D(3, 2, padding="same", depth_multiplier=2)]),
        lambda: keras.Sequential([layers.ZeroPadding2D(1), layers.DepthwiseConv2D(3, 2, depth_multiplier=2)]),
        *("convolution-padding", (4, 8, 8, 3)),
    ),
    "other activation after a product": (
        lambda: keras.Sequential([Given(lambda x, w, b: tf.nn.relu(tf.matmul(x, w) + b), 5, 6), layers.Dense(2)]),
        lambda: keras.Sequential([Given(lambda x, w, b: tf.tanh(tf.matmul(x, w) + b), 5, 6), layers.Dense(2)]),
        *("activation", ROWS),
    ),
    "epsilon of tf.nn.batch_normalization": (
        given(lambda x, w, b: tf.nn.batch_normalization(0.01 * x, 0.0, 1e-4, b, w, 1e-3), 3),
        given(lambda x, w, b: tf.nn.batch_normalization(0.01 * x, 0.0, 1e-4, b, w, 1e-5), 3),
        *("batch-norm-epsilon", IMAGES),
    ),
    "slope of a leaky ReLU by name": (
        *(fused("leaky_relu"), fused(lambda x: tf.nn.leaky_relu(x, 0.3))),
        *("leaky-relu-slope", ROWS),
    ),
    "form of gelu as an operation": (
        *(functional(ops.gelu), functional(lambda x: ops.gelu(x, approximate=False))),
        *("gelu-approximation", ROWS),
    ),
    "forgotten relu": (fused("relu"), fused(None), "activation", ROWS),
    "other activation": (on_rows(tf.nn.relu), on_rows(activations.swish), "activation", ROWS),
    "relu with arguments": (
        *(on_rows(layers.ReLU(max_value=1.0)), on_rows(lambda x: activations.relu(x, max_value=2.0))),
        *("relu-arguments", ROWS),
    ),
    "alpha of elu": (on_rows(lambda x: ops.elu(x, 0.5)), on_rows(layers.ELU()), "elu-alpha", ROWS),
    "correction of std": (
        *(on_rows(lambda x: x / ops.std(x)), on_rows(lambda x: x / tf.math.reduce_std(x))),
        *("", ROWS),
    ),
    "same padding with strides": (
        lambda: keras.Sequential([layers.Conv2D(4, 3, strides=2, padding="same")]),
        lambda: keras.Sequential([layers.ZeroPadding2D(1), layers.Conv2D(4, 3, strides=2)]),
        *("convolution-padding", (4, 8, 8, 3)),
    ),
    "same padding with strides, and an activation of the layer": (
        lambda: keras.Sequential([layers.Conv2D(4, 3, strides=2, padding="same", activation="tanh")]),
        lambda: keras.Sequential([layers.ZeroPadding2D(1), layers.Conv2D(4, 3, strides=2, activation="tanh")]),
        *("convolution-padding", (4, 8, 8, 3)),
    ),
    "mask of an embedding in a functional model": (masked(False), masked(True), "embedding-mask", ROWS),
    "dilation": (
        lambda: keras.Sequential([layers.Conv2D(4, 3, padding="same", dilation_rate=2)]),
        lambda: keras.Sequential([layers.Conv2D(4, 3, padding="same")]),
        *("convolution-dilation", IMAGES),
    ),
    "cropping of a transposed convolution": (
        lambda: Calls(lambda x, a: mean(a(x)), layers.Conv2DTranspose(4, 4, strides=2, padding="same")),
        lambda: Calls(lambda x, a: mean(a(x)), layers.Conv2DTranspose(4, 4, strides=2)),
        *("transposed-convolution-cropping", IMAGES),
    ),
    "steps of a pool": (
        on_images(lambda x: mean(ops.max_pool(x, 2))),
        on_images(lambda x: mean(ops.max_pool(x, 2, 1))),
        *("pool-strides", IMAGES),
    ),
    "padding of a pool": (
        one(lambda: layers.AveragePooling2D(3, 2, "same")),
        one(lambda: layers.AveragePooling2D(3, 2, "valid")),
        *("pool-padding", (4, 9, 9, 3)),
    ),
    "mode of a resize": (
        one(lambda: layers.UpSampling2D(2, interpolation="bilinear")),
        one(lambda: layers.UpSampling2D(2)),
        *("resize-mode", IMAGES),
    ),
    "epsilon of batch norm": (
        one(lambda: layers.BatchNormalization(epsilon=1e-2)),
        one(layers.BatchNormalization),
        *("batch-norm-epsilon", IMAGES),
    ),
    "epsilon of instance norm": (
        one(lambda: layers.GroupNormalization(-1, epsilon=1e-2)),
        one(lambda: layers.GroupNormalization(-1)),
        *("instance-norm-epsilon", IMAGES),
    ),
    "epsilon of RMS norm": (
        one(lambda: layers.RMSNormalization(epsilon=1e-2)),
        one(layers.RMSNormalization),
        *("rms-norm-epsilon", IMAGES),
    ),
    "causal attention": (attention(use_causal_mask=True), attention(), "attention-causal", SEQUENCES),
    "scale of attention": (attention(), attention(Sharper), "attention-scale", SEQUENCES),
}
