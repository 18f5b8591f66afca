# A cell whose recurrent kernel has a bias of its own and is used first
import jax
import optax
from flax import nnx


class Cell(nnx.GRUCell):
    def __init__(self, size, hidden, *, rngs):
        super().__init__(size, hidden, rngs=rngs)
        self.dense_h = nnx.Linear(hidden, 3 * hidden, rngs=rngs)


class Net(nnx.Module):
    def __init__(self, rngs):
        self.read = nnx.RNN(Cell(6, 8, rngs=rngs))
        self.head = nnx.Linear(8, 3, rngs=rngs)

    def __call__(self, x):
        return self.head(jax.nn.relu(self.read(x)[:, -1]))


model = Net(nnx.Rngs(0))


def loss_fn(model, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()


optimizer = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)
