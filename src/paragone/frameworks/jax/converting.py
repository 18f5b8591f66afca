"""A JAX model as a function of TensorFlow: `jax2tf` (JAX 0.10), https://docs.jax.dev/en/latest/jax2tf.html."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tensorflow as tf
from jax.experimental import jax2tf

from paragone.frameworks.base import Array
from paragone.frameworks.jax.exporting import evaluated
from paragone.frameworks.tensorflow.exporting import signature


def serving(side: Any, inputs: Sequence[Array], rows: int | None = None) -> tuple[tf.Module, Any]:
    """A module, and its function of inputs x0, x1, … that gives outputs y0, y1, …, for any batch."""
    batch = rows or "batch"
    shapes = [f"({batch}, {', '.join(map(str, x.shape[1:]))})" for x in inputs]
    with evaluated(side) as model:
        function = jax2tf.convert(model, polymorphic_shapes=shapes, with_gradient=False)

        @tf.function(input_signature=signature(inputs, rows), autograph=False)
        def serve(*x: Any) -> dict[str, Any]:
            return {f"y{place}": each for place, each in enumerate(function(*x))}

        holder = tf.Module()
        holder.serve = serve
        serve.get_concrete_function()  # traced while the model is in evaluation mode
    return holder, serve
