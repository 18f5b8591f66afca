"""TensorFlow itself, from a SavedModel: https://www.tensorflow.org/guide/saved_model (TensorFlow 2.21)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

TITLE = "TensorFlow (SavedModel)"
FORMATS = ("saved_model",)
PACKAGES = ("tensorflow",)

Array = np.ndarray[Any, Any]


def load(folder: Path) -> Callable[[Sequence[Array]], list[Array]]:
    """What computes the outputs from inputs, both in the order of the artifact."""
    import tensorflow as tf

    model = tf.saved_model.load(str(folder / "saved_model" / "1"))
    serve = model.signatures["serving_default"]
    names = sorted(serve.structured_input_signature[1], key=_place)
    kept = (model,)  # the signature alone does not keep its variables alive

    def predict(inputs: Sequence[Array]) -> list[Array]:
        found = serve(**{name: tf.constant(x) for name, x in zip(names, inputs, strict=True)})
        return [found[name].numpy() for name in sorted(found, key=_place)] if kept else []

    return predict


def _place(name: str) -> tuple[int, str]:
    """Inputs are called x0, x1 and so on, outputs y0, y1 and so on."""
    return int(name[1:]), name
