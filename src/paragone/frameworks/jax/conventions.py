"""Conventions of Flax' layers that are no attributes: how each is changed, and how it is found by experiment."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
from flax import nnx

from paragone.frameworks.base import Array
from paragone.frameworks.found import SeenLayer
from paragone.frameworks.running_variance import SAMPLES, measured_variance
from paragone.layers.whole import BEFORE


def reset_before(layer: Any) -> None:
    """The reset gate of a GRU acts on the state before the recurrent kernel does (row H3); its weights stay."""
    cell = getattr(layer, "cell", layer)
    cell.__class__ = _first_form(type(cell))


def _first_form(kind: type) -> type:
    def call(cell: Any, carry: Any, inputs: Any) -> tuple[Any, Any]:
        of_r, of_z, of_n = jnp.split(cell.dense_i(inputs), 3, axis=-1)
        to_r, to_z, to_n = jnp.split(cell.dense_h.kernel[...], 3, axis=-1)
        r = cell.gate_fn(of_r + carry @ to_r)
        z = cell.gate_fn(of_z + carry @ to_z)
        n = cell.activation_fn(of_n + (r * carry) @ to_n)
        state = (1 - z) * n + z * carry
        return state, state

    return type(f"ResetBefore{kind.__name__}", (kind,), {"__call__": call, "__module__": __name__})


CONVENTIONS = {BEFORE: reset_before}
"""What makes a layer have the value."""


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
