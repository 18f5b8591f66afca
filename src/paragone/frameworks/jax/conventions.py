"""Conventions of Flax' layers that are no attributes, found by experiment."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
from flax import nnx

from paragone.frameworks.base import Array
from paragone.frameworks.found import SeenLayer
from paragone.frameworks.running_variance import SAMPLES, measured_variance


def measured(layer: SeenLayer, trait: str, /) -> str | None:
    """What a class derived from a batch normalisation does with variances."""
    variance = getattr(layer.thing, "var", None)
    if not isinstance(variance, nnx.Variable):
        return None
    shape = [SAMPLES] + [1] * len(layer.input_shape)
    shape[layer.thing.axis] = variance[...].size

    def trained(batch: Array) -> tuple[Array, Array]:
        norm = nnx.clone(layer.thing)
        norm.var[...] = jnp.zeros_like(norm.var[...])
        outputs = norm(jnp.asarray(batch, norm.var[...].dtype), use_running_average=False)
        return np.asarray(outputs, np.float64), np.asarray(norm.var[...], np.float64)

    return measured_variance(trait, trained, tuple(shape), layer.thing.axis)
