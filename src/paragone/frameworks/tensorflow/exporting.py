"""What all of TensorFlow's writers need: the model as a function with named inputs and outputs, for any batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import tensorflow as tf

from paragone.frameworks.base import Array

LARGEST = 65536
"""Samples in the largest batch, where a format wants to know that."""


def serving(side: Any, inputs: Sequence[Array], rows: int | None = None) -> tuple[tf.Module, Any]:
    """A module that holds the model, and its function of inputs x0, x1 and so on that gives outputs y0, y1 and so on.

    https://www.tensorflow.org/guide/saved_model#specifying_signatures_during_export
    """
    model = side.found.model
    signature = [
        tf.TensorSpec([rows, *x.shape[1:]], tf.as_dtype(x.dtype), name=f"x{place}") for place, x in enumerate(inputs)
    ]

    @tf.function(input_signature=signature)
    def serve(*x: Any) -> dict[str, Any]:
        given = x[0] if len(x) == 1 else list(x)
        return {f"y{place}": each for place, each in enumerate(tf.nest.flatten(model(given, training=False)))}

    holder = tf.Module()
    holder.weights = [variable.value for variable in model.variables]  # a Keras model alone keeps its own out of sight
    holder.serve = serve
    return holder, serve


def converted(side: Any, inputs: Sequence[Array], change: Callable[[Any], None] = lambda _converter: None) -> bytes:
    """The side as LiteRT's converter writes it, for any batch; where it refuses that, for one sample at a time."""
    try:
        return lite(*serving(side, inputs), change)
    except Exception:  # loops of recurrent layers need shapes that are known
        return lite(*serving(side, inputs, rows=1), change)


def lite(holder: tf.Module, serve: Any, change: Callable[[Any], None]) -> bytes:
    """A function as LiteRT's converter writes it, with its weights as constants; `change` sets the converter up.

    https://www.tensorflow.org/api_docs/python/tf/lite/TFLiteConverter#from_concrete_functions
    """
    converter = tf.lite.TFLiteConverter.from_concrete_functions([serve.get_concrete_function()], holder)
    change(converter)
    return bytes(converter.convert())


def in_int8(inputs: Sequence[Array]) -> Callable[[Any], None]:
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


def core_ml(side: Any, inputs: Sequence[Array], path: Path) -> None:
    """Write the side as a program of Core ML in float32, for batches of any size.

    https://apple.github.io/coremltools/docs-guides/source/convert-tensorflow-2-bert-transformer-models.html (a concrete
    function) and .../source/flexible-inputs.html (coremltools 9.0)
    """
    import coremltools as ct

    _, serve = serving(side, inputs)
    function = serve.get_concrete_function()
    wide = ct.RangeDim(1, LARGEST, default=1)
    types = [ct.TensorType(f"x{place}", (wide, *x.shape[1:])) for place, x in enumerate(inputs)]
    options = {"compute_precision": ct.precision.FLOAT32, "minimum_deployment_target": ct.target.iOS16}
    ct.convert([function], source="tensorflow", inputs=types, convert_to="mlprogram", **options).save(str(path))
