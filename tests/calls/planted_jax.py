"""Pairs of models in Flax NNX that differ in one thing, and the trap that it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from flax import nnx
from jax.nn import gelu as own_name

IMAGES, ROWS, SEQUENCES = (4, 7, 8, 3), (6, 5), (4, 5, 6)


class Calls(nnx.Module):
    """A model that calls one function on what its parts give."""

    def __init__(self, function: Callable[..., Any], *parts: Any):
        self.function, self.parts = function, nnx.List(parts)

    def __call__(self, x: Any) -> Any:
        return self.function(x, *self.parts)


def rngs() -> nnx.Rngs:
    """The same start each time."""
    return nnx.Rngs(0)


def on_rows(function: Callable[[Any], Any]) -> Callable[[], Any]:
    """A function between two dense layers."""
    parts = nnx.Linear(5, 6, rngs=rngs()), nnx.Linear(6, 2, rngs=rngs())
    return lambda: Calls(lambda x, a, b: b(function(a(3 * x))), *parts)


def on_images(function: Callable[[Any], Any]) -> Callable[[], Any]:
    """A function on images."""
    return lambda: Calls(lambda x, a: function(a(x)), nnx.Conv(3, 3, (1, 1), rngs=rngs()))


def conv(**more: Any) -> Callable[[], Any]:
    """A convolution."""
    return lambda: Calls(lambda x, a: a(x), nnx.Conv(3, 4, (3, 3), **more, rngs=rngs()))


def transposed(**more: Any) -> Callable[[], Any]:
    """A transposed convolution, and the mean of its output."""
    made = {"kernel_size": (4, 4), "strides": 2, **more}
    return lambda: Calls(lambda x, a: a(x).mean((1, 2)), nnx.ConvTranspose(3, 4, **made, rngs=rngs()))


def resize(**more: Any) -> Callable[[], Any]:
    """A resize to odd sizes."""
    return on_images(lambda x: jax.image.resize(x, (x.shape[0], 11, 5, 3), **more))


def norm(make: Callable[[], Any]) -> Callable[[], Any]:
    """A normalisation after a convolution."""
    return lambda: Calls(lambda x, a, b: b(a(x)), nnx.Conv(3, 4, (1, 1), rngs=rngs()), make())


class Given(nnx.Module):
    """A function that is given the weights which this module keeps."""

    def __init__(self, function: Callable[..., Any], *shape: int):
        self.function = function
        self.w = nnx.Param(0.3 * jax.random.normal(jax.random.key(0), shape))
        self.b = nnx.Param(jnp.linspace(-1, 1, shape[-1]))

    def __call__(self, x: Any) -> Any:
        return self.function(x, self.w[...], self.b[...])


def given(function: Callable[..., Any], *shape: int) -> Callable[[], Any]:
    """One function with weights."""
    return lambda: Calls(lambda x, a: a(x), Given(function, *shape))


def lax_conv(**more: Any) -> Callable[[], Any]:
    """A convolution of `lax`, channels last."""
    numbers = ("NHWC", "HWIO", "NHWC")
    return given(lambda x, w, b: jax.lax.conv_general_dilated(x, w, **more, dimension_numbers=numbers) + b, 3, 3, 3, 4)


def channels_first(**more: Any) -> Callable[[], Any]:
    """A convolution of `lax`, channels first."""

    def function(x: Any, w: Any, b: Any) -> Any:
        return jax.lax.conv_general_dilated(jnp.moveaxis(x, -1, 1), w, **more) + b[0]

    return given(function, 4, 3, 3, 3)


def attend(scale: float) -> Callable[..., Any]:
    """Attention by hand."""

    def by_hand(query: Any, key: Any, value: Any, mask: Any = None, **_: Any) -> Any:
        scores = jnp.einsum("...qhd,...khd->...hqk", query, key) * scale
        shares = nnx.softmax(scores if mask is None else jnp.where(mask, scores, -1e30))
        return jnp.einsum("...hqk,...khd->...qhd", shares, value)

    return by_hand


def attention(scale: float = 3**-0.5, *, causal: bool = False) -> Callable[[], Any]:
    """A sequence that attends to itself."""
    part = nnx.MultiHeadAttention(2, 6, decode=False, attention_fn=attend(scale), rngs=rngs())
    return lambda: Calls(lambda x, a: a(x, mask=nnx.make_causal_mask(x[..., 0]) if causal else None), part)


PLANTED = {
    "hard sigmoid by hand": (
        on_rows(nnx.hard_sigmoid),
        on_rows(lambda x: jnp.clip(0.2 * x + 0.5, 0.0, 1.0)),
        *("hard-sigmoid-slope", ROWS),
    ),
    "mish by hand against swish": (
        on_rows(nnx.swish),
        on_rows(lambda x: x * jnp.tanh(jnp.log1p(jnp.exp(x)))),
        *("activation", ROWS),
    ),
    "a rounded value": (
        on_rows(nnx.relu),
        on_rows(lambda x: nnx.relu(x.astype("float32").astype("float64"))),
        *("float32-inside", ROWS),
    ),
    "padding of lax.conv_general_dilated": (
        *(lax_conv(window_strides=(2, 2), padding="SAME"), lax_conv(window_strides=(2, 2), padding=[(1, 1), (1, 1)])),
        *("convolution-padding", (4, 8, 8, 3)),
    ),
    "dilation of lax.conv_general_dilated, channels first": (
        channels_first(window_strides=(1, 1), padding="SAME", rhs_dilation=(2, 2)),
        channels_first(window_strides=(1, 1), padding="SAME"),
        *("convolution-dilation", IMAGES),
    ),
    "other activation after a product": (
        lambda: Calls(
            lambda x, a, b: b(a(x)),
            Given(lambda x, w, b: nnx.relu(jnp.asarray(x) @ w + b), 5, 6),
            nnx.Linear(6, 2, rngs=rngs()),
        ),
        lambda: Calls(
            lambda x, a, b: b(a(x)),
            Given(lambda x, w, b: jnp.tanh(jnp.asarray(x) @ w + b), 5, 6),
            nnx.Linear(6, 2, rngs=rngs()),
        ),
        *("activation", ROWS),
    ),
    "slope of leaky_relu": (
        *(on_rows(lambda x: nnx.leaky_relu(x, 0.3)), on_rows(jax.nn.leaky_relu)),
        *("leaky-relu-slope", ROWS),
    ),
    "form of gelu, called by a name of its own": (
        *(on_rows(own_name), on_rows(lambda x: nnx.gelu(x, approximate=False))),
        *("gelu-approximation", ROWS),
    ),
    "forgotten relu": (on_rows(lambda x: jnp.maximum(x, 0)), on_rows(lambda x: x), "activation", ROWS),
    "other activation": (on_rows(nnx.relu), on_rows(jnp.tanh), "activation", ROWS),
    "alpha of elu": (on_rows(lambda x: nnx.elu(x, 0.5)), on_rows(nnx.elu), "elu-alpha", ROWS),
    "axis of softmax": (
        *(on_rows(lambda x: nnx.softmax(x, axis=0)), on_rows(jax.nn.softmax)),
        *("softmax-axis", ROWS),
    ),
    "b of squareplus": (
        *(on_rows(lambda x: jax.nn.squareplus(x, 1.0)), on_rows(jax.nn.squareplus)),
        *("squareplus-b", ROWS),
    ),
    "correction of std": (
        on_rows(lambda x: x - jnp.std(x, axis=1, keepdims=True)),
        on_rows(lambda x: x - jnp.std(x, axis=1, keepdims=True, ddof=1)),
        *("variance-correction", ROWS),
    ),
    "same padding with strides": (
        *(conv(strides=2, padding="SAME"), conv(strides=2, padding=((1, 1), (1, 1)))),
        *("convolution-padding", (4, 8, 8, 3)),
    ),
    "causal padding": (
        lambda: Calls(lambda x, a: a(x), nnx.Conv(5, 4, (3,), padding="CAUSAL", rngs=rngs())),
        lambda: Calls(lambda x, a: a(x), nnx.Conv(5, 4, (3,), padding="SAME", rngs=rngs())),
        *("convolution-padding", (3, 6, 5)),
    ),
    "dilation": (conv(kernel_dilation=2), conv(), "convolution-dilation", IMAGES),
    "cropping of a transposed convolution": (
        *(transposed(padding="SAME"), transposed(padding="VALID")),
        *("transposed-convolution-cropping", IMAGES),
    ),
    "what is sliced off a transposed convolution": (
        lambda: Calls(
            lambda x, a: nnx.sigmoid(a(x)[:, :-1, 1:]),
            nnx.ConvTranspose(3, 4, (3, 3), strides=2, padding="VALID", rngs=rngs()),
        ),
        lambda: Calls(
            lambda x, a: nnx.sigmoid(a(x)), nnx.ConvTranspose(3, 4, (3, 3), strides=2, padding="SAME", rngs=rngs())
        ),
        *("transposed-convolution-cropping", IMAGES),
    ),
    "padding counts in a mean": (
        on_images(lambda x: nnx.avg_pool(x, (3, 3), (2, 2), "SAME")),
        on_images(lambda x: nnx.avg_pool(x, (3, 3), (2, 2), "SAME", count_include_pad=False)),
        *("average-pool-padding", IMAGES),
    ),
    "steps of a pool": (
        on_images(lambda x: nnx.max_pool(x, (2, 2)).mean((1, 2))),
        on_images(lambda x: nnx.max_pool(x, (2, 2), strides=(2, 2)).mean((1, 2))),
        *("pool-strides", IMAGES),
    ),
    "antialias": (resize(method="bilinear"), resize(method="bilinear", antialias=False), "resize-antialias", IMAGES),
    "mode of a resize": (
        *(resize(method="bilinear", antialias=False), resize(method="nearest")),
        *("resize-mode", IMAGES),
    ),
    "epsilon of batch norm": (
        norm(lambda: nnx.BatchNorm(4, epsilon=1e-3, rngs=rngs())),
        norm(lambda: nnx.BatchNorm(4, rngs=rngs())),
        *("batch-norm-epsilon", IMAGES),
    ),
    "epsilon of instance norm": (
        norm(lambda: nnx.InstanceNorm(4, epsilon=1e-3, rngs=rngs())),
        norm(lambda: nnx.InstanceNorm(4, rngs=rngs())),
        *("instance-norm-epsilon", IMAGES),
    ),
    "epsilon of RMS norm": (
        norm(lambda: nnx.RMSNorm(4, epsilon=1e-3, rngs=rngs())),
        norm(lambda: nnx.RMSNorm(4, rngs=rngs())),
        *("rms-norm-epsilon", IMAGES),
    ),
    "scale of attention": (attention(), attention(1.0), "attention-scale", SEQUENCES),
    "causal attention": (attention(causal=True), attention(), "attention-causal", SEQUENCES),
    "scale of causal attention": (attention(0.3, causal=True), attention(causal=True), "attention-scale", SEQUENCES),
}
