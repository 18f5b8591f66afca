"""Rounding noise: every number moved by one unit in the last place."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
from jax import lax


@jax.jit
def nudged(arrays: list[Any], seed: int) -> list[Any]:
    """Every element moved to the next number above or below, at random; zero moves up."""
    keys = jax.random.split(jax.random.key(seed), len(arrays))
    return [_one(array, key) for array, key in zip(arrays, keys, strict=True)]


def _one(array: Any, key: Any) -> Any:
    whole = jnp.int64 if array.dtype == jnp.float64 else jnp.int32
    moves = jnp.where(array == 0, 1, 2 * jax.random.bernoulli(key, shape=array.shape).astype(whole) - 1)
    return lax.bitcast_convert_type(lax.bitcast_convert_type(array, whole) + moves.astype(whole), array.dtype)
