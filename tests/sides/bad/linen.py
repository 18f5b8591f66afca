# A module of Flax Linen, and a function of the file that is handed its running statistics beside the parameters.
import flax.linen as nn
import jax
import jax.numpy as jnp
import optax


class MLP(nn.Module):
    @nn.compact
    def __call__(self, x, train=True):
        return nn.Dense(10)(nn.relu(nn.BatchNorm(use_running_average=not train)(nn.Dense(16)(x))))


net = MLP()
variables = net.init(jax.random.key(0), jnp.ones((2, 784)))
params, batch_stats = variables["params"], variables["batch_stats"]
optimizer = optax.sgd(0.1)


def forward(params, batch_stats, x):
    return net.apply({"params": params, "batch_stats": batch_stats}, x, mutable=["batch_stats"])


def loss_fn(params, batch_stats, x, y):
    logits, updates = forward(params, batch_stats, x)
    return optax.softmax_cross_entropy_with_integer_labels(logits, y).mean(), updates["batch_stats"]
