# The same in Flax, by someone who ended the model with a softmax and took other groups.
import optax
from flax import nnx


class Net(nnx.Module):
    def __init__(self, rngs):
        start = nnx.initializers.glorot_uniform()
        self.hidden = nnx.Linear(784, 16, kernel_init=start, rngs=rngs)
        self.norm = nnx.GroupNorm(16, num_groups=2, epsilon=1e-5, use_fast_variance=False, rngs=rngs)
        self.out = nnx.Linear(16, 10, kernel_init=start, rngs=rngs)

    def __call__(self, x):
        x = nnx.relu(self.norm(self.hidden(x.reshape(len(x), -1))))
        return nnx.softmax(self.out(x))


model = Net(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)


def loss_fn(model, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()
