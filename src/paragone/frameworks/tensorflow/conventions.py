"""Conventions of Keras' layers that are no attributes, found by experiment."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from paragone.frameworks.base import Array
from paragone.frameworks.found import SeenLayer
from paragone.frameworks.running_variance import SAMPLES, kept_variance


def measured(layer: SeenLayer, trait: str, /) -> str | None:
    """The running variance that a class derived from a batch normalisation keeps."""
    norm: Any = layer.thing
    if trait != "running_variance" or getattr(norm, "moving_variance", None) is None:
        return None
    shape = [SAMPLES] + [1] * len(layer.input_shape)
    shape[norm.axis] = norm.moving_variance.shape[0]

    def after(batch: Array) -> Array:
        kept = [(variable, keras.ops.convert_to_numpy(variable)) for variable in norm.variables]
        try:
            norm.moving_variance.assign(keras.ops.zeros_like(norm.moving_variance))
            type(norm).call(norm, keras.ops.convert_to_tensor(batch, norm.compute_dtype), training=True)
            return np.asarray(keras.ops.convert_to_numpy(norm.moving_variance), np.float64)
        finally:
            for variable, value in kept:
                variable.assign(value)

    return kept_variance(after, tuple(shape))
