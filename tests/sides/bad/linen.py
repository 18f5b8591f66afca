# A module of Flax Linen with running statistics: a tree of parameters does not show them.
import flax.linen as nn
import jax
import jax.numpy as jnp
import optax


class MLP(nn.Module):
    @nn.compact
    def __call__(self, x, train=True):
        return nn.Dense(10)(nn.relu(nn.BatchNorm(use_running_average=not train)(nn.Dense(16)(x))))


net = MLP()
params = net.init(jax.random.key(0), jnp.ones((2, 784)))
optimizer = optax.sgd(0.1)
