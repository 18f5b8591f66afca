# The loss halves the logits, the model gives them as they are.
import optax
from flax import nnx

TEMPERATURE = 2.0


class Net(nnx.Module):
    def __init__(self, rngs):
        self.hidden = nnx.Linear(784, 16, rngs=rngs)
        self.out = nnx.Linear(16, 10, rngs=rngs)

    def __call__(self, x):
        return self.out(nnx.relu(self.hidden(x.reshape(len(x), -1))))


def loss_fn(model, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model(x) / TEMPERATURE, y).mean()


model = Net(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.sgd(0.05), wrt=nnx.Param)
