# The same in Flax, by someone who forgot the weight of the second loss.
import jax.numpy as jnp
import optax
from flax import nnx


class Waves(nnx.Module):
    def __init__(self, rngs):
        start = nnx.initializers.glorot_uniform()
        self.hidden = nnx.Linear(33, 24, kernel_init=start, rngs=rngs)
        self.form = nnx.Linear(24, 3, kernel_init=start, rngs=rngs)
        self.hertz = nnx.Linear(24, 1, kernel_init=start, rngs=rngs)

    def __call__(self, samples, interval):
        seen = jnp.tanh(self.hidden(jnp.concatenate([samples.reshape(len(samples), -1), interval], -1)))
        return self.form(seen), self.hertz(seen)


model = Waves(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.sgd(0.05), wrt=nnx.Param)


def loss_fn(model, x, y):
    form, hertz = model(*x)
    return optax.softmax_cross_entropy_with_integer_labels(form, y[0]).mean() + jnp.square(hertz - y[1]).mean()
