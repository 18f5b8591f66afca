# Trains while it is read, JAX: the update is in line 21.
import jax.numpy as jnp
import optax
from flax import nnx

model = nnx.Linear(784, 10, rngs=nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.sgd(0.1), wrt=nnx.Param)


def loss_fn(model, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()


def data():
    return jnp.ones((64, 784)), jnp.zeros(64, dtype=int)


x, y = data()
for _ in range(3):
    loss, grads = nnx.value_and_grad(loss_fn)(model, x, y)
    optimizer.update(model, grads)
