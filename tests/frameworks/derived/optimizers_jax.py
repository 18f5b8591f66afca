"""Transformations as people write them for JAX, and what they are taken for."""

import json

import jax
import jax.numpy as jnp
import optax

from paragone.frameworks.jax.closures import cells_of, rate_of
from paragone.frameworks.jax.masks import on_all
from paragone.frameworks.jax.moves import moves
from paragone.meaning.optimizer import recognise


def hand_momentum(lr, beta=0.8):
    def init(params):
        return jax.tree.map(jnp.zeros_like, params)

    def update(grads, velocity, params=None):
        velocity = jax.tree.map(lambda v, g: beta * v + g, velocity, grads)
        return jax.tree.map(lambda v: -lr * v, velocity), velocity

    return optax.GradientTransformation(init, update)


def scale_by_own_adam(b1=0.9, b2=0.99, tiny=1e-6):
    """Without its rate, which a chain gives it."""

    def init(params):
        return 0, jax.tree.map(jnp.zeros_like, params), jax.tree.map(jnp.zeros_like, params)

    def update(grads, state, params=None):
        t, m, v = state
        t = t + 1
        m = jax.tree.map(lambda m, g: b1 * m + (1 - b1) * g, m, grads)
        v = jax.tree.map(lambda v, g: b2 * v + (1 - b2) * g * g, v, grads)
        moved = jax.tree.map(lambda m, v: m / (1 - b1**t) / (jnp.sqrt(v / (1 - b2**t)) + tiny), m, v)
        return moved, (t, m, v)

    return optax.GradientTransformation(init, update)


def own_adam(lr):
    return optax.chain(scale_by_own_adam(), optax.scale(-lr))


def needy(lr):
    def update(grads, state, params=None):
        return jax.tree.map(lambda g: -lr * g * params["bias"], grads), state

    return optax.GradientTransformation(lambda params: None, update)


def told(made):
    tx = made(0.01)
    cells = cells_of(tx)
    assert on_all(tx.update)
    shown = moves(tx, cells, rate_of(tx, cells))
    found = recognise(*shown) if shown else None
    assert jnp.zeros(()).dtype == jnp.float32
    return found and [found.kind.name, dict(found.options)]


if __name__ == "__main__":
    made = {one.__name__: told(one) for one in (hand_momentum, own_adam, needy)}
    print(json.dumps(made | {"untouched": True}))
