"""Conventions of Keras' layers that are no attributes: how each is changed, and how it is found by experiment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import keras
import numpy as np

from paragone.frameworks.base import Array
from paragone.frameworks.found import SeenLayer
from paragone.frameworks.running_variance import SAMPLES, measured_variance
from paragone.layers.embedding import ALONE, SUMMED


def sum_repeated_entries(embedding: Any) -> None:
    """The gradient of the table is dense: what repeats in a batch is summed before anything is squared (row E25)."""

    def call(inputs: Any) -> Any:
        return keras.ops.take(keras.ops.multiply(embedding.embeddings, 1.0), inputs, axis=0)

    embedding.call = call


CONVENTIONS = {SUMMED: sum_repeated_entries}
"""What makes a layer have the value."""


def measured(layer: SeenLayer, trait: str, /) -> str | None:
    """What a class derived from one of Keras' does about a convention."""
    try:
        return MEASURES[trait](layer, trait) if trait in MEASURES else None
    except Exception:  # it is the user's own class: what it raises here says nothing about the side
        return None


def _repeated_entries(layer: SeenLayer, _trait: str) -> str | None:
    embedding: Any = layer.thing
    if keras.config.backend() != "tensorflow":  # the others have no gradients of single rows
        return SUMMED
    import tensorflow as tf

    with tf.GradientTape() as tape:
        rows = type(embedding).call(embedding, tf.zeros((2,), tf.int32))
    gradient = tape.gradient(rows, embedding.embeddings)
    return None if gradient is None else ALONE if isinstance(gradient, tf.IndexedSlices) else SUMMED


def _variance(layer: SeenLayer, trait: str) -> str | None:
    norm: Any = layer.thing
    if getattr(norm, "moving_variance", None) is None:
        return None
    shape = [SAMPLES] + [1] * len(layer.input_shape)
    shape[norm.axis] = norm.moving_variance.shape[0]

    def trained(batch: Array) -> tuple[Array, Array]:
        kept = [(variable, keras.ops.convert_to_numpy(variable)) for variable in norm.variables]
        try:
            norm.moving_variance.assign(keras.ops.zeros_like(norm.moving_variance))
            given = keras.ops.convert_to_tensor(batch, norm.compute_dtype)
            outputs = keras.ops.convert_to_numpy(type(norm).call(norm, given, training=True))
            variance = keras.ops.convert_to_numpy(norm.moving_variance)
            return np.asarray(outputs, np.float64), np.asarray(variance, np.float64)
        finally:
            for variable, value in kept:
                variable.assign(value)

    return measured_variance(trait, trained, tuple(shape), norm.axis)


MEASURES: Mapping[str, Callable[[SeenLayer, str], str | None]] = {
    "repeated_entries": _repeated_entries,
    "running_variance": _variance,
    "variance_divisor": _variance,
}
"""The experiment that tells each trait."""
