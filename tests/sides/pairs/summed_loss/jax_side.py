# The mean over the batch.
import jax.numpy as jnp
import optax
from flax import nnx


class Net(nnx.Module):
    def __init__(self, rngs):
        self.a = nnx.Linear(8, 16, rngs=rngs)
        self.b = nnx.Linear(16, 1, rngs=rngs)

    def __call__(self, x):
        return self.b(jnp.tanh(self.a(x)))


def loss_fn(model, x, y):
    return jnp.mean((model(x) - y) ** 2)


model = Net(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.sgd(1e-4), wrt=nnx.Param)
