# All of the model is trained.
import optax
from flax import nnx


class Net(nnx.Module):
    def __init__(self, rngs):
        self.body = nnx.Linear(784, 16, rngs=rngs)
        self.head = nnx.Linear(16, 10, rngs=rngs)

    def __call__(self, x):
        return self.head(nnx.relu(self.body(x.reshape(len(x), -1))))


def loss_fn(model, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()


model = Net(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.adam(0.001), wrt=nnx.Param)
