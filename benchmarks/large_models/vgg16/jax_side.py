"""VGG-16 (Simonyan and Zisserman 2014) for 32 x 32 images, in Flax NNX."""

import jax
import optax
from flax import nnx


class VGG16(nnx.Module):
    def __init__(self, rngs, classes=10):
        convs, channels = [], 3
        for filters, times in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
            block = []
            for _ in range(times):
                block.append(nnx.Conv(channels, filters, (3, 3), rngs=rngs))
                channels = filters
            convs.append(nnx.List(block))
        self.convs = nnx.List(convs)
        self.dense1 = nnx.Linear(512, 512, rngs=rngs)
        self.dense2 = nnx.Linear(512, 512, rngs=rngs)
        self.head = nnx.Linear(512, classes, rngs=rngs)

    def __call__(self, x):
        for block in self.convs:
            for conv in block:
                x = jax.nn.relu(conv(x))
            x = nnx.max_pool(x, (2, 2), strides=(2, 2))
        x = x.reshape(x.shape[0], -1)
        x = jax.nn.relu(self.dense1(x))
        x = jax.nn.relu(self.dense2(x))
        return self.head(x)


model = VGG16(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.adam(1e-4), wrt=nnx.Param)


def loss_fn(model, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()
