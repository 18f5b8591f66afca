# A module of Flax Linen: its parameters are beside it, in a tree.
import flax.linen as nn
import jax
import jax.numpy as jnp
import optax


class MLP(nn.Module):
    @nn.compact
    def __call__(self, x):
        return nn.Dense(10)(nn.relu(nn.Dense(16)(x)))


net = MLP()
params = net.init(jax.random.key(0), jnp.ones((1, 784)))
optimizer = optax.sgd(0.1)
