# Weight decay behind the gradient, and not on biases.
import jax
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


def kernels_alone(parameters):
    return jax.tree.map(lambda one: one.ndim > 1, parameters)


model = Net(nnx.Rngs(0))
tx = optax.chain(optax.trace(0.9), optax.add_decayed_weights(0.01, mask=kernels_alone), optax.scale(-0.05))
optimizer = nnx.Optimizer(model, tx, wrt=nnx.Param)
