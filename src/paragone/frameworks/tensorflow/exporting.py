"""What all of TensorFlow's writers need: the model as a function with named inputs and outputs, for any batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import tensorflow as tf

from paragone.frameworks.base import Array


def signature(inputs: Sequence[Array], rows: int | None) -> list[tf.TensorSpec]:
    """Inputs x0, x1 and so on, for so many samples; for any number where that is None."""
    return [
        tf.TensorSpec([rows, *x.shape[1:]], tf.as_dtype(x.dtype), name=f"x{place}") for place, x in enumerate(inputs)
    ]


def serving(side: Any, inputs: Sequence[Array], rows: int | None = None) -> tuple[tf.Module, Any]:
    """A module that holds the model, and its function of inputs x0, x1 and so on that gives outputs y0, y1 and so on.

    https://www.tensorflow.org/guide/saved_model#specifying_signatures_during_export
    """
    model = side.found.model

    @tf.function(input_signature=signature(inputs, rows))
    def serve(*x: Any) -> dict[str, Any]:
        given = x[0] if len(x) == 1 else list(x)
        return {f"y{place}": each for place, each in enumerate(tf.nest.flatten(model(given, training=False)))}

    holder = tf.Module()
    holder.weights = [variable.value for variable in model.variables]  # a Keras model alone keeps its own out of sight
    holder.serve = serve
    return holder, serve


Serving = Callable[..., tuple[tf.Module, Any]]
"""`serving` of a framework, given its side and inputs; takes `rows`."""
Change = Callable[[Any], None]


def unchanged(_converter: Any) -> None:
    """Leaves a converter as it is."""


def converted(made: Serving, change: Change = unchanged) -> bytes:
    """A side as LiteRT's converter writes it, for any batch; where it refuses that, for one sample at a time."""
    try:
        return lite(*made(), change)
    except Exception:  # of whatever kind the converter raises: loops of recurrent layers need shapes that are known
        return lite(*made(rows=1), change)


def lite(holder: tf.Module, serve: Any, change: Change = unchanged) -> bytes:
    """A function as LiteRT's converter writes it, with its weights as constants; `change` sets the converter up.

    https://www.tensorflow.org/api_docs/python/tf/lite/TFLiteConverter#from_concrete_functions
    """
    converter = tf.lite.TFLiteConverter.from_concrete_functions([serve.get_concrete_function()], holder)
    change(converter)
    return bytes(converter.convert())


def in_int8(inputs: Sequence[Array]) -> Change:
    """What sets a converter up for int8, calibrated on these samples: integer with float fallback.

    https://ai.google.dev/edge/litert/conversion/tensorflow/quantization/post_training_quantization
    """

    def samples() -> Iterator[tuple[str, dict[str, Array]]]:
        for row in range(len(inputs[0])):
            yield "serving_default", {f"x{place}": x[row : row + 1] for place, x in enumerate(inputs)}

    def change(converter: Any) -> None:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = samples

    return change
