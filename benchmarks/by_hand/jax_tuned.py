"""The JAX loop with the module taken apart once and the state given away to each step, written by hand."""

from functools import partial
from itertools import cycle, islice
from time import perf_counter

import jax
import jax.numpy as jnp
from ask import batches, serve
from flax import nnx
from jax_side import loss_fn, model, optimizer

BATCHES = cycle([(jnp.asarray(x), jnp.asarray(y)) for x, y in batches()])
GRAPH, STATE = nnx.split((model, optimizer))


@partial(jax.jit, donate_argnums=0)
def step(state: nnx.State, x: jax.Array, y: jax.Array) -> tuple[nnx.State, jax.Array]:
    model, optimizer = nnx.merge(GRAPH, state)
    loss, grads = nnx.value_and_grad(loss_fn)(model, x, y)
    optimizer.update(model, grads)
    return nnx.state((model, optimizer)), loss


def run(n: int) -> float:
    global STATE
    began = perf_counter()
    for x, y in islice(BATCHES, n):
        STATE, loss = step(STATE, x, y)
    loss.block_until_ready()
    return perf_counter() - began


serve(run)
