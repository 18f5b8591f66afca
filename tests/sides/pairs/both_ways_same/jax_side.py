# Two directions by hand in Flax: the second reads the steps backwards, and its last output is the one of the first step.
import jax.numpy as jnp
import optax
from flax import nnx


class Reader(nnx.Module):
    def __init__(self, rngs):
        self.ahead = nnx.RNN(nnx.OptimizedLSTMCell(2, 8, rngs=rngs))
        self.back = nnx.RNN(nnx.OptimizedLSTMCell(2, 8, rngs=rngs), reverse=True, keep_order=True)
        self.answer = nnx.Linear(16, 1, rngs=rngs)

    def __call__(self, x):
        x = x.reshape(-1, 6, 2)
        return self.answer(jnp.concatenate([self.ahead(x)[:, -1], self.back(x)[:, 0]], axis=-1))


def loss_fn(model, x, y):
    return optax.sigmoid_binary_cross_entropy(model(x), y).mean()


model = Reader(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)
