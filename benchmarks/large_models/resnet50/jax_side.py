"""ResNet-50 (He et al. 2015, stride in the 3 x 3 convolution) for 32 x 32 images, in Flax NNX."""

import jax
import optax
from flax import nnx


class Bottleneck(nnx.Module):
    def __init__(self, channels, filters, stride, rngs):
        self.projects = stride > 1 or channels != 4 * filters
        if self.projects:
            self.conv0 = nnx.Conv(channels, 4 * filters, (1, 1), strides=stride, use_bias=False, rngs=rngs)
            self.bn0 = nnx.BatchNorm(4 * filters, rngs=rngs)
        self.conv1 = nnx.Conv(channels, filters, (1, 1), use_bias=False, rngs=rngs)
        self.bn1 = nnx.BatchNorm(filters, rngs=rngs)
        self.conv2 = nnx.Conv(filters, filters, (3, 3), strides=stride, use_bias=False, rngs=rngs)
        self.bn2 = nnx.BatchNorm(filters, rngs=rngs)
        self.conv3 = nnx.Conv(filters, 4 * filters, (1, 1), use_bias=False, rngs=rngs)
        self.bn3 = nnx.BatchNorm(4 * filters, rngs=rngs)

    def __call__(self, x):
        shortcut = self.bn0(self.conv0(x)) if self.projects else x
        x = jax.nn.relu(self.bn1(self.conv1(x)))
        x = jax.nn.relu(self.bn2(self.conv2(x)))
        x = self.bn3(self.conv3(x))
        return jax.nn.relu(x + shortcut)


class ResNet50(nnx.Module):
    def __init__(self, rngs, classes=10):
        self.stem = nnx.Conv(3, 64, (7, 7), strides=2, use_bias=False, rngs=rngs)
        self.bn = nnx.BatchNorm(64, rngs=rngs)
        blocks, channels = [], 64
        for filters, times, stride in ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)):
            for i in range(times):
                blocks.append(Bottleneck(channels, filters, stride if i == 0 else 1, rngs))
                channels = 4 * filters
        self.blocks = nnx.List(blocks)
        self.head = nnx.Linear(channels, classes, rngs=rngs)

    def __call__(self, x):
        x = jax.nn.relu(self.bn(self.stem(x)))
        x = nnx.max_pool(x, (3, 3), strides=(2, 2), padding="SAME")
        for block in self.blocks:
            x = block(x)
        return self.head(x.mean((1, 2)))


model = ResNet50(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.sgd(0.1, momentum=0.9), wrt=nnx.Param)


def loss_fn(model, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()
