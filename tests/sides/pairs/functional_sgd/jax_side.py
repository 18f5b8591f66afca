# NNX with the bare Optax transformation `tx`, and a loss of model, x and y.
import optax
from flax import nnx


class Classifier(nnx.Module):
    def __init__(self, width: int, *, rngs: nnx.Rngs):
        self.hidden = nnx.Linear(784, width, rngs=rngs)
        self.scores = nnx.Linear(width, 10, rngs=rngs)

    def __call__(self, x):
        return self.scores(nnx.relu(self.hidden(x)))


model = Classifier(48, rngs=nnx.Rngs(params=0))
tx = optax.sgd(0.05, momentum=0.9)


def loss_fn(model, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()
