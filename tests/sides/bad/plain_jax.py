# Plain JAX: the parameters are a list of arrays, and nothing says which function computes with them.
import jax
import jax.numpy as jnp


def layer(key, m, n):
    return 0.1 * jax.random.normal(key, (m, n)), jnp.zeros(n)


weights = [layer(jax.random.key(0), 784, 16), layer(jax.random.key(1), 16, 10)]


def answers(weights, x):
    (w1, b1), (w2, b2) = weights
    return jax.nn.relu(x @ w1 + b1) @ w2 + b2
