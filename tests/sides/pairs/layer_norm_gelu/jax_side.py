# Layer norm and GELU in NNX; nnx.gelu is the tanh approximation unless told otherwise.
import optax
from flax import nnx


class Net(nnx.Module):
    def __init__(self, rngs):
        self.inner = nnx.Linear(784, 32, rngs=rngs)
        self.norm = nnx.LayerNorm(32, rngs=rngs)
        self.outer = nnx.Linear(32, 10, rngs=rngs)

    def __call__(self, x):
        x = x.reshape((x.shape[0], -1))
        x = nnx.gelu(self.norm(self.inner(x)))
        return self.outer(x)


model = Net(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.adam(1e-3), wrt=nnx.Param)


def loss_fn(model, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()
