# A bidirectional LSTM of Flax, of which the last step is taken.
import optax
from flax import nnx


class Reader(nnx.Module):
    def __init__(self, rngs):
        ahead, back = (nnx.RNN(nnx.OptimizedLSTMCell(2, 8, rngs=rngs)) for _ in range(2))
        self.both = nnx.Bidirectional(ahead, back)
        self.answer = nnx.Linear(16, 1, rngs=rngs)

    def __call__(self, x):
        return self.answer(self.both(x.reshape(-1, 6, 2))[:, -1])


def loss_fn(model, x, y):
    return optax.sigmoid_binary_cross_entropy(model(x), y).mean()


model = Reader(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)
