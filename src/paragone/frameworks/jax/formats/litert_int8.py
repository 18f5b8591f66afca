"""LiteRT with weights and activations in int8, calibrated on training samples.

https://ai.google.dev/edge/litert/conversion/tensorflow/quantization/post_training_quantization (integer with float
fallback: inputs and outputs stay float32)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from paragone.frameworks.base import Array

NEEDS = ("tensorflow",)
CALIBRATED = True


def write(side: Any, inputs: Sequence[Array], path: Path) -> None:
    """Write the side's model, for batches of any size.

    Args:
        side: the built side, a `JaxSide`.
        inputs: training samples to calibrate with.
        path: what to write.
    """
    import tensorflow as tf

    from paragone.frameworks.jax.converting import converted

    def samples() -> Iterator[dict[str, Array]]:
        for row in range(len(inputs[0])):
            yield {f"x{place}": x[row : row + 1] for place, x in enumerate(inputs)}

    def calibrated(converter: Any) -> None:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: (("serving_default", each) for each in samples())

    path.write_bytes(converted(side, inputs, calibrated))
