# A port that was done with care: PyTorch's numbers, written out for Flax.
import jax.numpy as jnp
import optax
from flax import nnx


class Net(nnx.Module):
    def __init__(self, rngs):
        self.inner = nnx.Linear(8, 20, kernel_init=nnx.initializers.glorot_uniform(), rngs=rngs)
        self.norm = nnx.LayerNorm(20, epsilon=1e-5, rngs=rngs)
        self.drop = nnx.Dropout(0.1, rngs=rngs)
        self.outer = nnx.Linear(20, 1, kernel_init=nnx.initializers.glorot_uniform(), rngs=rngs)

    def __call__(self, x):
        x = self.drop(nnx.relu(self.norm(self.inner(x))))
        return self.outer(x)


model = Net(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.adam(2e-3), wrt=nnx.Param)


def loss_fn(model, x, y):
    return jnp.mean((model(x) - y) ** 2)
