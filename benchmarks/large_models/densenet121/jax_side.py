"""DenseNet-121 (Huang et al. 2017) for 32 x 32 images, in Flax NNX."""

import jax
import jax.numpy as jnp
import optax
from flax import nnx

GROWTH = 32


class DenseLayer(nnx.Module):
    def __init__(self, channels, rngs):
        self.bn1 = nnx.BatchNorm(channels, rngs=rngs)
        self.conv1 = nnx.Conv(channels, 4 * GROWTH, (1, 1), use_bias=False, rngs=rngs)
        self.bn2 = nnx.BatchNorm(4 * GROWTH, rngs=rngs)
        self.conv2 = nnx.Conv(4 * GROWTH, GROWTH, (3, 3), use_bias=False, rngs=rngs)

    def __call__(self, x):
        y = self.conv1(jax.nn.relu(self.bn1(x)))
        y = self.conv2(jax.nn.relu(self.bn2(y)))
        return jnp.concatenate([x, y], -1)


class Transition(nnx.Module):
    def __init__(self, channels, rngs):
        self.bn = nnx.BatchNorm(channels, rngs=rngs)
        self.conv = nnx.Conv(channels, channels // 2, (1, 1), use_bias=False, rngs=rngs)

    def __call__(self, x):
        return nnx.avg_pool(self.conv(jax.nn.relu(self.bn(x))), (2, 2), strides=(2, 2))


class DenseNet121(nnx.Module):
    def __init__(self, rngs, classes=10):
        channels = 2 * GROWTH
        self.stem = nnx.Conv(3, channels, (7, 7), strides=2, use_bias=False, rngs=rngs)
        self.bn0 = nnx.BatchNorm(channels, rngs=rngs)
        parts = []
        for block, times in enumerate((6, 12, 24, 16)):
            if block:
                parts.append(Transition(channels, rngs))
                channels //= 2
            for _ in range(times):
                parts.append(DenseLayer(channels, rngs))
                channels += GROWTH
        self.parts = nnx.List(parts)
        self.bn = nnx.BatchNorm(channels, rngs=rngs)
        self.classifier = nnx.Linear(channels, classes, rngs=rngs)

    def __call__(self, x):
        x = jax.nn.relu(self.bn0(self.stem(x)))
        x = nnx.max_pool(x, (3, 3), strides=(2, 2), padding="SAME")
        for part in self.parts:
            x = part(x)
        return self.classifier(jax.nn.relu(self.bn(x)).mean((1, 2)))


model = DenseNet121(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.adam(1e-3), wrt=nnx.Param)


def loss_fn(model, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()
