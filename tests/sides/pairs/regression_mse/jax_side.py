# Regression with nnx.Sequential and a loss that is written by hand.
import jax.numpy as jnp
import optax
from flax import nnx

rngs = nnx.Rngs(0)
model = nnx.Sequential(
    nnx.Linear(8, 24, rngs=rngs),
    nnx.relu,
    nnx.Linear(24, 24, rngs=rngs),
    nnx.relu,
    nnx.Linear(24, 1, rngs=rngs),
)
optimizer = nnx.Optimizer(model, optax.sgd(learning_rate=1e-2), wrt=nnx.Param)


def mse_loss(model, x, y):
    return jnp.mean((model(x) - y) ** 2)


loss_fn = mse_loss
