# A module of Flax Linen without parameters: they are made in a function that nobody calls.
import flax.linen as nn
import jax
import jax.numpy as jnp
import optax

net = nn.Sequential([nn.Dense(16), nn.relu, nn.Dense(10)])
optimizer = optax.sgd(0.1)


def start(seed):
    return net.init(jax.random.key(seed), jnp.ones((2, 784)))["params"]


def loss_fn(params, x, y):
    logits = net.apply({"params": params}, x)
    return optax.softmax_cross_entropy_with_integer_labels(logits, y).mean()
