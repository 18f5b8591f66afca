# The same two branches in Flax NNX, the right one first.
import jax
import jax.numpy as jnp
import optax
from flax import nnx


class Net(nnx.Module):
    def __init__(self, rngs):
        self.left = nnx.Linear(6, 12, rngs=rngs)
        self.left_norm = nnx.LayerNorm(12, epsilon=1e-5, rngs=rngs)
        self.right = nnx.Linear(4, 12, rngs=rngs)
        self.joint = nnx.Linear(24, 10, rngs=rngs)
        self.last = nnx.Linear(10, 1, rngs=rngs)

    def __call__(self, a, b):
        left = jnp.tanh(self.left_norm(self.left(a)))
        right = jax.nn.sigmoid(self.right(b))
        joint = jnp.concatenate([left + right, left * right], axis=1)
        hidden = jax.nn.elu(self.joint(joint))
        return self.last(hidden)


model = Net(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.sgd(0.02), wrt=nnx.Param)


def loss_fn(model, x, y):
    a, b = x
    return jnp.mean((model(a, b) - y) ** 2)
