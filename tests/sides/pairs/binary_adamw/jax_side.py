# A yes or no from twelve numbers: a loss of logits and labels, AdamW with the decay written out.
import jax.numpy as jnp
import optax
from flax import nnx


class Binary(nnx.Module):
    def __init__(self, rngs):
        self.inner = nnx.Linear(12, 16, rngs=rngs)
        self.outer = nnx.Linear(16, 1, rngs=rngs)

    def __call__(self, features):
        return self.outer(jnp.tanh(self.inner(features)))


def loss(logits, labels):
    return optax.sigmoid_binary_cross_entropy(logits, labels).mean()


model = Binary(nnx.Rngs(1))
optimizer = nnx.Optimizer(model, optax.adamw(2e-3, weight_decay=0.01), wrt=nnx.Param)
