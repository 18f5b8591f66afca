# Outputs in a tuple, the other one first; raw parameters in a list
import jax.numpy as jnp
import optax
from flax import nnx


class Net(nnx.Module):
    def __init__(self, rngs):
        init = nnx.initializers.lecun_normal()
        sizes = [(8, 5), (5, 3)]
        self.kernels = nnx.List([nnx.Param(init(rngs.params(), size)) for size in sizes])
        self.biases = nnx.List([nnx.Param(jnp.zeros(size[1])) for size in sizes])

    def __call__(self, x):
        features = jnp.tanh(x @ self.kernels[0] + self.biases[0])
        return jnp.einsum("bi,io->bo", features, self.kernels[1][...]) + self.biases[1], features


model = Net(nnx.Rngs(0))


def loss_fn(model, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model(x)[0], y).mean()


optimizer = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)
