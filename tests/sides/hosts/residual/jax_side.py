# The same residual network in Flax NNX: channels last, PyTorch's numbers for batch normalisation.
from functools import partial

import jax
import optax
from flax import nnx

Norm = partial(nnx.BatchNorm, momentum=0.9, epsilon=1e-5)


class Block(nnx.Module):
    def __init__(self, channels, *, rngs):
        self.conv1 = nnx.Conv(channels, channels, (3, 3), rngs=rngs)
        self.bn1 = Norm(channels, rngs=rngs)
        self.conv2 = nnx.Conv(channels, channels, (3, 3), rngs=rngs)
        self.bn2 = Norm(channels, rngs=rngs)

    def __call__(self, x):
        y = jax.nn.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return jax.nn.relu(x + y)


class Net(nnx.Module):
    def __init__(self, *, rngs):
        self.stem = nnx.Conv(1, 8, (3, 3), rngs=rngs)
        self.bn = Norm(8, rngs=rngs)
        self.block1 = Block(8, rngs=rngs)
        self.block2 = Block(8, rngs=rngs)
        self.fc1 = nnx.Linear(8 * 7 * 7, 32, rngs=rngs)
        self.fc2 = nnx.Linear(32, 10, rngs=rngs)

    def __call__(self, x):
        x = jax.nn.relu(self.bn(self.stem(x)))
        x = nnx.max_pool(x, (2, 2), strides=(2, 2))
        x = self.block1(x)
        x = nnx.avg_pool(x, (2, 2), strides=(2, 2))
        x = self.block2(x)
        x = x.reshape(x.shape[0], -1)
        x = jax.nn.relu(self.fc1(x))
        return self.fc2(x)


model = Net(rngs=nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.sgd(0.05), wrt=nnx.Param)


def loss_fn(model, x, y):
    logits = model(x)
    return optax.softmax_cross_entropy_with_integer_labels(logits, y).mean()
