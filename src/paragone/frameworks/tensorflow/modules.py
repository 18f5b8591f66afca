"""The layers of a Keras model as a tape and a snippet know them, on any backend."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from paragone.frameworks.base import Array
from paragone.frameworks.tensorflow.side import AnyKerasSide


def modules(side: AnyKerasSide) -> dict[str, Any]:
    """The layers of the model by their paths, in the order in which Keras lists them."""
    found: dict[str, Any] = {"": side.found.model}

    def add(owner: Any, path: str) -> None:
        for layer in owner._flatten_layers(include_self=False, recursive=False):
            name = f"{path}.{layer.name}" if path else layer.name
            found.setdefault(name, layer)
            add(layer, name)

    add(side.found.model, "")
    return found


def state(module: Any) -> dict[str, Array]:
    """The weights of a layer, numbered as `set_weights` takes them."""
    return {f"{number:04}": np.asarray(weight) for number, weight in enumerate(module.get_weights())}


def activation_of(layer: Any) -> Any:
    """The activation that is applied after a kernel; that of a recurrent layer is inside of its steps."""
    activation = getattr(layer, "activation", None)
    linear = activation is None or activation is keras.activations.linear
    return None if linear or not hasattr(layer, "kernel") else activation
