"""What a Keras optimizer does to a few weights, without its side."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from paragone.frameworks.base import Array
from paragone.meaning.optimizer import GRADIENTS, START

_CLIPS = ("clipnorm", "clipvalue", "global_clipnorm")


def moves(optimizer: Any) -> tuple[list[Array], list[float], dict[str, Any]] | None:
    """The weights after each update, the rates, and the optimizer's numbers; None where the class needs more."""
    found, rates = [], []
    try:
        probe = type(optimizer).from_config(optimizer.get_config())
        for name in _CLIPS:
            setattr(probe, name, None)
        weight = keras.Variable(START, dtype="float64")
        probe.build([weight])
        for gradient in GRADIENTS:
            rates.append(float(probe.learning_rate))
            probe.apply([keras.ops.convert_to_tensor(gradient, "float64")], [weight])
            found.append(np.array(keras.ops.convert_to_numpy(weight)))
    except Exception:  # it is the user's own class: what it raises here says nothing about the side
        return None
    return (
        found,
        rates,
        {name: value for name, value in vars(optimizer).items() if isinstance(value, (bool, int, float))},
    )
