# A port that was done with care: Glorot kernels in place of LeCun's.
from functools import partial

import jax.numpy as jnp
import optax
from flax import nnx

Dense = partial(nnx.Linear, kernel_init=nnx.initializers.glorot_uniform())


class Net(nnx.Module):
    def __init__(self, rngs):
        self.first = Dense(8, 20, rngs=rngs)
        self.second = Dense(20, 1, rngs=rngs)

    def __call__(self, x):
        return self.second(jnp.tanh(self.first(x)))


model = Net(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.sgd(0.02), wrt=nnx.Param)


def loss_fn(model, x, y):
    return jnp.mean(jnp.square(model(x) - y))
