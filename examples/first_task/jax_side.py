"""Handwritten digits with JAX: Flax NNX and Optax."""

import jax.numpy as jnp
import numpy as np
import optax
from flax import nnx


class Net(nnx.Module):
    def __init__(self, rngs: nnx.Rngs):
        self.linear1 = nnx.Linear(784, 64, rngs=rngs)
        self.linear2 = nnx.Linear(64, 10, rngs=rngs)

    def __call__(self, x):
        x = nnx.relu(self.linear1(x))
        return self.linear2(x)


model = Net(rngs=nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.adam(1e-3), wrt=nnx.Param)


def loss_fn(model, x, y):
    logits = model(x)
    return optax.softmax_cross_entropy_with_integer_labels(logits, y).mean()


@nnx.jit
def train_step(model, optimizer, x, y):
    loss, grads = nnx.value_and_grad(loss_fn)(model, x, y)
    optimizer.update(model, grads)
    return loss


def load_data():
    """The digits of scikit-learn, resized to 28x28 and flattened; the last fifth is for testing."""
    from scipy.ndimage import zoom
    from sklearn.datasets import load_digits

    digits = load_digits()
    images = zoom(digits.images / 16, (1, 3.5, 3.5), order=1)
    x = images.reshape(-1, 784).astype("float32")
    y = digits.target.astype("int32")
    n_train = len(x) * 4 // 5
    return (x[:n_train], y[:n_train]), (x[n_train:], y[n_train:])


if __name__ == "__main__":
    (x_train, y_train), (x_test, y_test) = load_data()
    shuffle = np.random.default_rng(0)

    for epoch in range(5):
        order = shuffle.permutation(len(x_train))
        for start in range(0, len(order), 32):
            batch = order[start : start + 32]
            loss = train_step(model, optimizer, x_train[batch], y_train[batch])
        print(f"epoch {epoch + 1}, loss of the last batch: {loss:.3f}")

    accuracy = jnp.mean(model(x_test).argmax(axis=1) == y_test)
    print(f"test accuracy: {accuracy:.3f}")
