# A port that was done with care: nnx.gelu is told to be exact, as PyTorch's is.
from functools import partial

import optax
from flax import nnx
from jax.nn import gelu

Dense = partial(nnx.Linear, kernel_init=nnx.initializers.glorot_uniform())


class Net(nnx.Module):
    def __init__(self, rngs):
        self.first = Dense(8, 20, rngs=rngs)
        self.second = Dense(20, 1, rngs=rngs)

    def __call__(self, x):
        return self.second(gelu(self.first(x), approximate=False))


model = Net(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.sgd(0.02), wrt=nnx.Param)


def loss_fn(model, x, y):
    return optax.squared_error(model(x), y).mean()
