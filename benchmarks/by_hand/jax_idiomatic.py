"""The Flax NNX loop of the example, its step under nnx.jit, written by hand."""

from itertools import cycle, islice
from time import perf_counter

import jax.numpy as jnp
from ask import batches, serve
from jax_side import model, optimizer, train_step

BATCHES = cycle([(jnp.asarray(x), jnp.asarray(y)) for x, y in batches()])


def run(n: int) -> float:
    began = perf_counter()
    for x, y in islice(BATCHES, n):
        loss = train_step(model, optimizer, x, y)
    loss.block_until_ready()
    return perf_counter() - began


serve(run)
