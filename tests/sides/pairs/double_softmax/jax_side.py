# The same classifier with logits, as Optax' loss wants them.
import optax
from flax import nnx


class Net(nnx.Module):
    def __init__(self, rngs):
        self.out = nnx.Linear(784, 10, kernel_init=nnx.initializers.glorot_uniform(), rngs=rngs)

    def __call__(self, x):
        return self.out(x.reshape((x.shape[0], -1)))


model = Net(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)


def loss_fn(model, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()
