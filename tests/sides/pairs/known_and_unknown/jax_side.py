# The reference: leaky ReLU with a slope of 0.2.
import optax
from flax import nnx


class Net(nnx.Module):
    def __init__(self, rngs):
        glorot = nnx.initializers.glorot_uniform()
        self.first = nnx.Linear(8, 16, kernel_init=glorot, rngs=rngs)
        self.second = nnx.Linear(16, 1, kernel_init=glorot, rngs=rngs)

    def __call__(self, x):
        return self.second(nnx.leaky_relu(self.first(x), 0.2))


model = Net(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.sgd(0.02), wrt=nnx.Param)


def loss_fn(model, x, y):
    return optax.squared_error(model(x), y).mean()
