"""LiteRT with weights and activations in int8, calibrated on training samples.

https://ai.google.dev/edge/litert/conversion/tensorflow/quantization/post_training_quantization (integer with float
fallback: inputs and outputs stay float32)
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from paragone.frameworks.base import Array

NEEDS = ("tensorflow",)
CALIBRATED = True


def write(side: Any, inputs: Sequence[Array], path: Path) -> None:
    """Write the side's model, for batches of any size where the converter can.

    Args:
        side: the built side, a `JaxSide`.
        inputs: training samples to calibrate with.
        path: what to write.
    """
    from paragone.frameworks.jax.converting import serving
    from paragone.frameworks.tensorflow.exporting import converted, in_int8

    path.write_bytes(converted(partial(serving, side, inputs), in_int8(inputs)))
