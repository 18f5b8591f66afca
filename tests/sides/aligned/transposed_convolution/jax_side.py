# Flax' own, which does not turn the kernel around
import optax
from flax import nnx


class Net(nnx.Module):
    def __init__(self, rngs):
        self.down = nnx.Conv(3, 4, (2, 2), strides=2, padding="VALID", rngs=rngs)
        self.up = nnx.ConvTranspose(4, 4, (2, 2), strides=2, padding="VALID", rngs=rngs)
        self.out = nnx.Conv(4, 2, (1, 1), rngs=rngs)

    def __call__(self, x):
        return self.out(nnx.relu(self.up(nnx.relu(self.down(x)))))


model = Net(nnx.Rngs(0))


def loss_fn(model, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()


optimizer = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)
